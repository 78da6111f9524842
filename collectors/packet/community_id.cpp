#include "collectors/packet/community_id.hpp"

#include <openssl/evp.h>

#include <stdexcept>
#include <tuple>

#include "daemon/base/digest.hpp"

namespace kentongan::packet {

namespace {

/// What is hashed: seed, address, address, protocol, a zero, port, port; in network order.
class Material {
  public:
    void put(std::uint16_t value) {
        buffer_[size_++] = static_cast<std::uint8_t>(value >> 8);
        buffer_[size_++] = static_cast<std::uint8_t>(value);
    }
    void put(const IpAddress& address, bool v4) {
        for (std::size_t i = v4 ? 12 : 0; i < 16; ++i) buffer_[size_++] = address.bytes()[i];
    }
    [[nodiscard]] const std::uint8_t* data() const { return buffer_.data(); }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    std::array<std::uint8_t, 40> buffer_{};
    std::size_t size_ = 0;
};

Material material_of(const Tuple& tuple) {
    const auto forward = std::tie(tuple.source, tuple.source_port);
    const auto backward = std::tie(tuple.destination, tuple.destination_port);
    const bool keep = tuple.one_way || forward < backward;
    const bool v4 = tuple.source.is_v4() && tuple.destination.is_v4();
    Material out;
    out.put(0);
    out.put(keep ? tuple.source : tuple.destination, v4);
    out.put(keep ? tuple.destination : tuple.source, v4);
    out.put(static_cast<std::uint16_t>(tuple.protocol << 8));
    out.put(keep ? tuple.source_port : tuple.destination_port);
    out.put(keep ? tuple.destination_port : tuple.source_port);
    return out;
}

}  // namespace

CommunityId::CommunityId()
    : sha1_(EVP_MD_fetch(nullptr, "SHA1", nullptr)), context_(EVP_MD_CTX_new()) {
    if (!sha1_ || !context_) throw std::runtime_error("OpenSSL offers no SHA-1");
}
CommunityId::~CommunityId() = default;
void CommunityId::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }
void CommunityId::Free::operator()(evp_md_st* digest) const { EVP_MD_free(digest); }

std::string CommunityId::of(const Tuple& tuple) {
    const Material material = material_of(tuple);
    std::array<std::uint8_t, 20> digest{};
    EVP_DigestInit_ex2(context_.get(), sha1_.get(), nullptr);
    EVP_DigestUpdate(context_.get(), material.data(), material.size());
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return "1:" + to_base64(digest);
}

}  // namespace kentongan::packet
