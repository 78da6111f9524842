#include "collectors/packet/file/file_tap.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <utility>

#include "collectors/packet/file/file_type.hpp"

namespace kentongan::packet {

namespace {

std::string hex(Bytes bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : bytes) {
        out.push_back(kDigits[byte >> 4]);
        out.push_back(kDigits[byte & 15]);
    }
    return out;
}

}  // namespace

void DigestFree::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }
void DigestFree::operator()(evp_md_st* digest) const { EVP_MD_free(digest); }

FileTap::FileTap(std::size_t limit)
    : limit_(limit), sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)) {
    if (!sha256_) throw std::bad_alloc();
}

std::unique_ptr<FileTransfer> FileTap::begin(const ProtocolSink::FileFacts& facts, const Moment& at,
                                             Use use) {
    if (open_ >= limit_) {
        ++counts_.refused;
        return nullptr;
    }
    ++open_;
    auto out = std::make_unique<FileTransfer>();
    out->name = facts.name.substr(0, kNameBytes);
    out->mime_type = facts.mime_type.substr(0, kNameBytes);
    out->source = facts.source;
    out->first_packet = at.packet;
    out->keep = use.scan || use.store;
    out->scan = use.scan;
    if (spare_.empty()) {
        out->digest.reset(EVP_MD_CTX_new());
        if (!out->digest) throw std::bad_alloc();
    } else {
        out->digest = std::move(spare_.back());
        spare_.pop_back();
    }
    EVP_DigestInit_ex2(out->digest.get(), sha256_.get(), nullptr);
    return out;
}

void FileTap::bytes(FileTransfer& file, Bytes data) {
    file.size += data.size();
    if (file.head.size() < kFileTypeBytes)
        file.head.append(as_text(data).substr(0, kFileTypeBytes - file.head.size()));
    EVP_DigestUpdate(file.digest.get(), data.data(), data.size());
    if (!file.keep) return;
    if (file.size > kContentBytes || held_ + data.size() > kHeldBytes) {
        file.left_out = true;
        return drop_content(file);
    }
    if (file.content.empty() && !spare_contents_.empty()) {
        file.content = std::move(spare_contents_.back());
        spare_contents_.pop_back();
    }
    file.content.append(as_text(data));
    held_ += data.size();
}

void FileTap::drop_content(FileTransfer& file) {
    held_ -= file.content.size();
    reuse(std::exchange(file.content, {}));
    file.keep = false;
}

void FileTap::reuse(std::string content) {
    if (content.capacity() > kSpareBytes || spare_contents_.size() == kSpareContents) return;
    content.clear();
    spare_contents_.push_back(std::move(content));
}

std::string FileTap::end(std::unique_ptr<FileTransfer> file, bool whole, Event& out) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    EVP_DigestFinal_ex(file->digest.get(), hash.data(), &size);
    out.origin.position = file->first_packet;
    out.set(Field::event_action, "transfer");
    if (!file->name.empty()) out.set(Field::file_name, file->name);
    out.set(Field::file_size, static_cast<std::int64_t>(file->size));
    if (whole) out.set(Field::file_hash_sha256, hex(Bytes(hash).first(size)));
    const std::string_view type = file_type_of(as_bytes(file->head));
    const std::string_view mime_type = file->mime_type.empty() ? type : file->mime_type;
    if (!type.empty()) out.set(Field::file_magic, type);
    if (!mime_type.empty()) out.set(Field::file_mime_type, mime_type);
    out.set(Field::file_source, file->source);
    if (file->gap_bytes != 0)
        out.set(Field::file_gap_bytes, static_cast<std::int64_t>(file->gap_bytes));
    if (file->left_out && file->scan) out.set(Field::file_scan, "too_large");
    ++(!whole ? counts_.cut : file->left_out ? counts_.too_large : counts_.hashed);
    std::string content;
    if (whole && file->keep) {
        held_ -= file->content.size();
        content = std::exchange(file->content, {});
    }
    drop_content(*file);
    spare_.push_back(std::move(file->digest));
    --open_;
    return content;
}

}  // namespace kentongan::packet
