#pragma once
// Tells when uploads of an area stop, why so far as is known, and when they flow again (R02).
#include <map>
#include <memory>
#include <optional>

#include "daemon/alert/finding.hpp"
#include "daemon/base/statement.hpp"
#include "daemon/detect/sirekap/coverage.hpp"
#include "daemon/detect/sirekap/election.hpp"
#include "daemon/detect/sirekap/stall_cause.hpp"
#include "daemon/detect/sirekap/upload_flows.hpp"

namespace kentongan::sirekap {

/// Provinces, and all of the register where it has several, are judged each minute by five minutes
/// or more; kabupaten and kecamatan each five minutes by half an hour or more. Only areas with at
/// least 20 TPS missing and an established flow (20 TPS, and 2 of 100, have sent something), from
/// the close of the polls until twelve hours after the target. What stops as part of a larger area
/// is told with it; three kabupaten or more that stop together are one stop of their province, or
/// of all.
///
/// Each finding says that this is a matter of availability, not a change of data, and carries a
/// record, signed when there is a key, as evidence.
class StallWatch {
  public:
    struct Options {
        Election election;
        std::shared_ptr<const SigningKey> key;  ///< none: records are not signed
        std::string observer;                   ///< who says so, in the records
    };
    StallWatch(std::shared_ptr<const Coverage> coverage, Options options);

    void minute_is_over(Timestamp now, const UploadFlows& flows, const StallSigns& signs,
                        FindingSink& out);
    void five_are_over(Timestamp now, const UploadFlows& flows, const StallSigns& signs,
                       FindingSink& out);
    /// Whether the area or one above it is stopped, or was until an hour ago: what is then unusual
    /// about its rate is the stop, or the catching up after it.
    [[nodiscard]] bool explains(std::uint32_t area, Timestamp now) const;
    [[nodiscard]] std::size_t open() const { return stalls_.size(); }

  private:
    struct Stall {
        Timestamp begin{};
        Timestamp judged{};
        double level = 0;  // uploads a bin before, at `begin`
        double expected = 0;
        std::uint32_t came = 0;
        Duration bin{};
        bool of_members = false;  // several kabupaten together
        bool told = true;         // on its own, not with another
        std::size_t members = 0;
        Judgement judgement;
    };

    [[nodiscard]] bool is_judged(std::uint32_t area, Timestamp now) const;
    [[nodiscard]] double remaining_pages(std::uint32_t area) const;
    [[nodiscard]] bool is_covered(std::uint32_t area) const;
    [[nodiscard]] std::string_view code_of(std::uint32_t area) const;
    [[nodiscard]] Judgement judge(const Stall& stall, std::uint32_t area, Timestamp now,
                                  const StallSigns& signs) const;
    [[nodiscard]] std::optional<Stall> find(std::uint32_t area, const Flow& flow, Duration bin,
                                            Timestamp now) const;
    void begin(std::uint32_t area, Stall stall, Timestamp now, const StallSigns& signs,
               FindingSink& out);
    void begin_kabupaten(const std::map<std::uint32_t, Stall>& found, Timestamp now,
                         const StallSigns& signs, FindingSink& out);
    void judge_again(Timestamp now, const StallSigns& signs, FindingSink& out);
    void end_stalls(Duration bin, Timestamp now, const UploadFlows& flows, FindingSink& out);
    [[nodiscard]] bool is_over(std::uint32_t area, const Stall& stall, Timestamp now,
                               const UploadFlows& flows) const;
    void tell(std::uint32_t area, const Stall& stall, Timestamp now, std::string_view state,
              FindingSink& out) const;
    [[nodiscard]] Statement statement_of(std::uint32_t area, const Stall& stall, Timestamp now,
                                         std::string_view state) const;

    std::shared_ptr<const Coverage> coverage_;
    Options options_;
    std::map<std::uint32_t, Stall> stalls_;     // by position in areas(), or kWhole
    std::map<std::uint32_t, Timestamp> ended_;  // within the last hour
};

}  // namespace kentongan::sirekap
