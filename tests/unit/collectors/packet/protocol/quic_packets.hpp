#pragma once
// QUIC Initial packets for tests: sealed by OpenSSL under the keys of RFC 9001 and RFC 9369.
#include <openssl/evp.h>

#include <array>
#include <string>

#include "collectors/packet/protocol/quic/initial.hpp"
#include "tests/unit/collectors/packet/protocol/recording_protocol.hpp"

namespace kentongan::packet {

/// RFC 9001, appendix A.2: the client's frames without their padding, and its connection id.
inline const std::string kRfcFrames = from_hex(
    "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868"
    "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578"
    "616d706c652e636f6dff01000100000a00080006001d00170018001000070005"
    "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba"
    "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
    "0d0010000e0403050306030203080408050806002d00020101001c0002400100"
    "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
    "75300901100f088394c8f03e51570806048000ffff");
inline const std::string kRfcId = from_hex("8394c8f03e515708");
/// RFC 9001, appendix A.3: the server's answer.
inline const std::string kRfcServer = from_hex(
    "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a"
    "5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3"
    "dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84"
    "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4"
    "2158407dd074ee");

inline std::string encrypted(const EVP_CIPHER* cipher, std::string_view key, std::string_view iv,
                             std::string_view header, std::string_view text, bool with_tag) {
    EVP_CIPHER_CTX* c = EVP_CIPHER_CTX_new();
    std::string out(text.size() + 16, '\0');
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    int size = 0;
    EVP_EncryptInit_ex(c, cipher, nullptr, as_bytes(key).data(),
                       iv.empty() ? nullptr : as_bytes(iv).data());
    EVP_CIPHER_CTX_set_padding(c, 0);
    if (with_tag)
        EVP_EncryptUpdate(c, nullptr, &size, as_bytes(header).data(),
                          static_cast<int>(header.size()));
    EVP_EncryptUpdate(c, to, &size, as_bytes(text).data(), static_cast<int>(text.size()));
    if (with_tag) {
        EVP_EncryptFinal_ex(c, to + text.size(), &size);
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, 16, to + text.size());
    } else {
        out.resize(text.size());
    }
    EVP_CIPHER_CTX_free(c);
    return out;
}

/// One client's packet with a packet number of four bytes; frames are padded to `padded` bytes.
inline std::string client_initial(std::string_view frames, std::uint32_t version,
                                  std::uint32_t packet_number, std::string_view id = kRfcId,
                                  std::size_t padded = 1162) {
    const quic::Keys keys = *quic::initial_keys(version, as_bytes(id), true);
    std::string text(frames);
    text.resize(std::max(padded, text.size()), '\0');
    const std::string size = number(0x4000 | (text.size() + 20), 2);
    std::string header = std::string(version == 1 ? "\xC3" : "\xD3") + number(version, 4) +
                         sized(id, 1) + std::string(2, '\0') + size;
    const std::size_t at = header.size();
    header += number(packet_number, 4);
    std::string nonce = keys.iv;
    for (std::size_t i = 0; i < 4; ++i) nonce[8 + i] ^= header[at + i];
    const std::string sealed = encrypted(EVP_aes_128_gcm(), keys.key, nonce, header, text, true);
    const std::string mask =
        encrypted(EVP_aes_128_ecb(), keys.header_protection, {}, {}, sealed.substr(0, 16), false);
    header[0] = static_cast<char>(header[0] ^ (mask[0] & 0x0F));
    for (std::size_t i = 0; i < 4; ++i) header[at + i] ^= mask[i + 1];
    return header + sealed;
}

/// A CRYPTO frame with a part of the RFC's ClientHello.
inline std::string crypto_frame(std::size_t offset, std::size_t size) {
    return "\x06" + number(0x4000 | offset, 2) + number(0x4000 | size, 2) +
           kRfcFrames.substr(4 + offset, size);
}
inline constexpr std::size_t kRfcHelloBytes = 241;

}  // namespace kentongan::packet
