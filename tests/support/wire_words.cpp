#include "tests/support/wire_words.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <stdexcept>

#include "collectors/packet/protocol/quic/initial.hpp"
#include "daemon/base/bytes.hpp"

namespace kentongan::generate {

namespace {

std::string extension(int type, std::string_view body) {
    return big(static_cast<std::uint64_t>(type), 2) + counted(body, 2);
}

std::string handshake(int type, std::string_view body) {
    return static_cast<char>(type) + counted(body, 3);
}
std::string record(std::string_view message) {
    return "\x16" + big(0x0301, 2) + counted(message, 2);
}

/// One EVP encryption; with `header`, AES-GCM and its tag.
std::string sealed(const EVP_CIPHER* cipher, std::string_view key, std::string_view nonce,
                   std::string_view header, std::string_view text) {
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    std::string out(text.size() + 16, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    EVP_EncryptInit_ex(context, cipher, nullptr, as_bytes(key).data(),
                       nonce.empty() ? nullptr : as_bytes(nonce).data());
    EVP_CIPHER_CTX_set_padding(context, 0);
    if (!header.empty())
        EVP_EncryptUpdate(context, nullptr, &size, as_bytes(header).data(),
                          static_cast<int>(header.size()));
    EVP_EncryptUpdate(context, to, &size, as_bytes(text).data(), static_cast<int>(text.size()));
    if (!header.empty()) {
        EVP_EncryptFinal_ex(context, to + text.size(), &size);
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, to + text.size());
    } else {
        out.resize(text.size());
    }
    EVP_CIPHER_CTX_free(context);
    return out;
}

std::string dns_name(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        const auto dot = name.find('.');
        out += counted(name.substr(0, dot), 1);
        name = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
    }
    return out + '\0';
}

std::string dns_message(std::uint16_t id, std::uint16_t flags, int answers, std::string_view name,
                        std::uint16_t type) {
    return big(id, 2) + big(flags, 2) + big(1, 2) + big(static_cast<std::uint64_t>(answers), 2) +
           big(0, 4) + dns_name(name) + big(type, 2) + big(1, 2);
}

}  // namespace

std::string big(std::uint64_t value, int width) {
    std::string out;
    for (int i = width - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}
std::string small(std::uint64_t value, int width) {
    std::string out;
    for (int i = 0; i < width; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}
std::string counted(std::string_view text, int width) {
    return big(text.size(), width) + std::string(text);
}
std::string zeroed(std::string_view text) { return std::string(text) + '\0'; }

std::string client_hello_message(std::string_view server_name, std::string_view protocol) {
    const std::string extensions = extension(0, counted('\0' + counted(server_name, 2), 2)) +
                                   extension(10, counted(big(0x001D, 2) + big(0x0017, 2), 2)) +
                                   extension(11, counted({"\0", 1}, 1)) +
                                   extension(13, counted(big(0x0403, 2) + big(0x0804, 2), 2)) +
                                   extension(16, counted(counted(protocol, 1), 2)) +
                                   extension(43, counted(big(0x0304, 2) + big(0x0303, 2), 1));
    return handshake(1, big(0x0303, 2) + std::string(32, 'r') + counted(std::string(32, 's'), 1) +
                            counted(big(0x1301, 2) + big(0xC02B, 2) + big(0xC02F, 2), 2) +
                            counted({"\0", 1}, 1) + counted(extensions, 2));
}

std::string client_hello(std::string_view server_name, std::string_view protocol) {
    return record(client_hello_message(server_name, protocol));
}

std::string server_hello() {
    const std::string hello =
        handshake(2, big(0x0303, 2) + std::string(32, 'R') + counted({}, 1) + big(0xC02F, 2) +
                         '\0' + counted(extension(16, counted(counted("h2", 1), 2)), 2));
    return record(hello) + record(handshake(14, {}));
}

std::string quic_initial(std::string_view server_name, std::string_view connection) {
    constexpr std::size_t kFrames = 1162;
    const auto keys = packet::quic::initial_keys(1, as_bytes(connection), true);
    if (!keys) throw std::runtime_error("no keys for QUIC");
    const std::string hello = client_hello_message(server_name, "h3");
    std::string frames = std::string("\x06\0", 2) + big(0x4000 | hello.size(), 2) + hello;
    frames.resize(kFrames, '\0');
    std::string header = "\xC3" + big(1, 4) + counted(connection, 1) + std::string(2, '\0') +
                         big(0x4000 | (kFrames + 20), 2);
    const std::size_t at = header.size();
    header += big(0, 4);
    const std::string body = sealed(EVP_aes_128_gcm(), keys->key, keys->iv, header, frames);
    const std::string mask =
        sealed(EVP_aes_128_ecb(), keys->header_protection, {}, {}, body.substr(0, 16));
    header[0] = static_cast<char>(header[0] ^ (mask[0] & 0x0F));
    for (std::size_t i = 0; i < 4; ++i)
        header[at + i] = static_cast<char>(header[at + i] ^ mask[i + 1]);
    return header + body;
}

std::string dns_query(std::uint16_t id, std::string_view name, std::uint16_t type) {
    return dns_message(id, 0x0100, 0, name, type);
}
std::string dns_answer(std::uint16_t id, std::string_view name, std::uint16_t type,
                       std::string_view data) {
    return dns_message(id, 0x8180, 1, name, type) + big(0xC00C, 2) + big(type, 2) + big(1, 2) +
           big(300, 4) + counted(data, 2);
}

std::string ssh_offer(std::string_view algorithms) {
    std::string payload = '\x14' + std::string(16, 'c');
    for (int i = 0; i < 10; ++i) payload += counted(i < 8 ? algorithms : std::string_view{}, 4);
    payload += std::string(5, '\0');
    const std::string padding(8, 'p');
    return counted(static_cast<char>(padding.size()) + payload + padding, 4);
}

std::string gzipped(std::string_view text) {
    constexpr int kGzip = 15 + 16;
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib is out of memory");
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace kentongan::generate
