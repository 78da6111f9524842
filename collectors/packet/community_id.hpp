#pragma once
// Community ID version 1: one name for a flow that all network monitors compute alike
// (specification and reference: corelight/community-id-spec).
#include <memory>
#include <string>

#include "collectors/packet/decode.hpp"

struct evp_md_ctx_st;
struct evp_md_st;

namespace kentongan::packet {

/// Reusable, not thread-safe.
class CommunityId {
  public:
    CommunityId();
    ~CommunityId();
    CommunityId(const CommunityId&) = delete;
    CommunityId& operator=(const CommunityId&) = delete;

    /// "1:" and the base64 of a SHA-1 over the ends in a fixed order; seed 0. Both directions of a
    /// flow give the same text, except for one-way ICMP.
    [[nodiscard]] std::string of(const Tuple& tuple);

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
        void operator()(evp_md_st* digest) const;
    };
    std::unique_ptr<evp_md_st, Free> sha1_;
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace kentongan::packet
