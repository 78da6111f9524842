#pragma once
// Every metric name of both programs, in one place; the reference page is generated from here.
#include "daemon/metrics/metric.hpp"

namespace kentongan {

/// Upper bounds of histograms, in seconds: from what is quick to what would be a fault.
namespace buckets {
/// One event against an engine's rules.
inline const std::vector<double> kEvaluation{1e-6,   2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4,
                                             2.5e-4, 5e-4,   1e-3, 5e-3, 1e-2,   0.1,  1};
/// A disk that confirms what was written.
inline const std::vector<double> kDisk{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                       0.25,   0.5,   1,      2.5,   5,    10,    30,   60};
/// Detection: a log may be read hours late.
inline const std::vector<double> kDetection{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,    2.5,
                                            5,     10,   30,    60,   300, 900,  3600, 14400};
/// Delivery: an agency may be away for a night.
inline const std::vector<double> kDelivery{0.01, 0.025, 0.05, 0.1,   0.25, 0.5, 1,
                                           2.5,  5,     10,   30,    60,   120, 300,
                                           900,  3600,  7200, 21600, 86400};
}  // namespace buckets

/// One per process (or per replay, or per test). Pass it by reference.
struct Metrics {
    using Counters = MetricFamily<Counter>;
    using Gauges = MetricFamily<Gauge>;
    using Histograms = MetricFamily<Histogram>;

    MetricRegistry registry;

    Gauges build_info{registry,
                      "kentongan_build_info",
                      "Always 1; the labels say which build.",
                      {"version", "revision", "cxx"}};

    // --- settings and rules
    Gauges config_last_reload_successful{
        registry, "kentongan_config_last_reload_successful",
        "1 when the last reload was taken, 0 when it was refused."};
    Gauges config_last_reload_success_timestamp{
        registry, "kentongan_config_last_reload_success_timestamp_seconds",
        "When settings and rules were last loaded."};
    Gauges rules_loaded{
        registry, "kentongan_rules_loaded", "Rules by engine and status.", {"engine", "status"}};
    Gauges rule_bundle{registry,
                       "kentongan_rule_bundle_info",
                       "Always 1; the digest of the rule files that were loaded, the same that the "
                       "ledger has of them.",
                       {"bundle", "sha256"}};
    Histograms rule_eval{registry,
                         "kentongan_rule_eval_seconds",
                         "Time one event takes against an engine's rules on its lane, of every "
                         "256th event of a source; of YARA each file too.",
                         {"engine"},
                         buckets::kEvaluation};

    // --- packets
    Counters capture_packets{registry,
                             "kentongan_capture_packets_total",
                             "Packets the capture handed to us.",
                             {"interface"}};
    Counters capture_bytes{registry,
                           "kentongan_capture_bytes_total",
                           "Captured bytes of those packets.",
                           {"interface"}};
    Counters capture_kernel_drops{registry,
                                  "kentongan_capture_kernel_drops_total",
                                  "Packets the kernel dropped because we were late.",
                                  {"interface"}};
    Counters capture_nic_drops{registry,
                               "kentongan_capture_nic_drops_total",
                               "Packets the interface dropped.",
                               {"interface"}};
    Counters decode_errors{registry,
                           "kentongan_decode_errors_total",
                           "Packets that could not be decoded further, by the layer at fault.",
                           {"layer"}};
    Gauges flows{registry, "kentongan_flows", "Connections being followed.", {"interface"}};
    Counters flows_evicted{registry,
                           "kentongan_flows_evicted_total",
                           "Connections pushed out of a full table before their end.",
                           {"interface"}};
    Counters stream_gap_bytes{registry, "kentongan_stream_gap_bytes_total",
                              "Stream bytes missed or given up, in bytes."};
    Counters flows_summarised{registry,
                              "kentongan_flows_summarised_total",
                              "Unanswered connections counted in the per-second totals only, "
                              "because there were over 4,096 of them in a second.",
                              {"interface"}};
    Counters capture_reopens{registry,
                             "kentongan_capture_reopens_total",
                             "Times a capture was opened again after its interface went away.",
                             {"interface"}};
    Counters capture_ring_packets{registry,
                                  "kentongan_capture_ring_packets_total",
                                  "Packets written to the rolling capture on disk.",
                                  {"interface"}};
    Counters capture_ring_shed{registry,
                               "kentongan_capture_ring_shed_packets_total",
                               "Packets not written to the rolling capture: `slow`, the disk did "
                               "not keep up; `disk`, writing failed.",
                               {"interface", "reason"}};
    Gauges capture_ring_bytes{registry,
                              "kentongan_capture_ring_bytes",
                              "Size of the rolling capture on disk.",
                              {"interface"}};

    Counters stream_conflicts{
        registry,
        "kentongan_stream_conflicts_total",
        "Streams and datagrams in which a byte was sent twice with two values.",
        {"interface"}};
    Counters dissector_evicted{
        registry,
        "kentongan_dissector_evicted_total",
        "Requests, queries or files pushed out of a full table of a protocol's reader.",
        {"protocol"}};
    Counters wire_files{
        registry,
        "kentongan_wire_files_total",
        "Files seen on the wire, by what became of them: hashed, too_large (hashed, "
        "not scanned), cut, refused because too many were open, or stored.",
        {"result"}};
    Gauges wire_files_stored_bytes{registry, "kentongan_wire_files_stored_bytes",
                                   "Bytes of files from the wire that are kept on disk."};

    // --- logs
    Counters log_lines{registry,
                       "kentongan_log_lines_total",
                       "Lines by source and result: parsed, unparsed, oversize or blank.",
                       {"source", "result"}};
    Counters log_bytes{registry, "kentongan_log_bytes_total", "Bytes read from logs.", {"source"}};
    Gauges log_lag{registry,
                   "kentongan_log_lag_seconds",
                   "Age of the newest line when it was read; of several files, the oldest that "
                   "still has lines to read.",
                   {"source"}};
    Gauges log_behind{registry,
                      "kentongan_log_behind_bytes",
                      "Bytes in the source's files that are not read yet.",
                      {"source"}};
    Counters log_notices{registry,
                         "kentongan_log_notices_total",
                         "Events of our own about a log: truncated, rewritten or removed.",
                         {"source"}};
    Gauges log_files_left_out{registry,
                              "kentongan_log_files_left_out",
                              "Files that match a source's pattern but are over its caps.",
                              {"source"}};
    Counters log_rotations{registry,
                           "kentongan_log_rotations_total",
                           "Rotations seen, by kind: rename, truncate, or missed when the file "
                           "read before a restart was gone.",
                           {"source", "kind"}};
    Counters log_values_left_out{registry,
                                 "kentongan_log_values_left_out_total",
                                 "Values of lines over a format's caps, not set as fields.",
                                 {"source"}};
    Gauges log_open{registry,
                    "kentongan_log_open",
                    "Files that are open: of a source with one file 1 while it can be read, 0 "
                    "while it is missing or refused.",
                    {"source"}};

    // --- integrity
    Gauges fim_files_watched{
        registry, "kentongan_fim_files_watched", "Files in the baseline.", {"tree"}};
    Gauges fim_scan_last_success{registry,
                                 "kentongan_fim_scan_last_success_timestamp_seconds",
                                 "When a scan of the tree last ended well.",
                                 {"tree"}};
    Counters fim_events_lost{registry,
                             "kentongan_fim_events_lost_total",
                             "Times the kernel's queue of changes ran over (queue_overflow); the "
                             "whole tree is scanned then, so nothing is missed for good.",
                             {"reason"}};
    Counters fim_errors{registry,
                        "kentongan_fim_errors_total",
                        "Files that could not be read or scanned, by reason.",
                        {"reason"}};
    Counters fim_hashed_bytes{
        registry, "kentongan_fim_hashed_bytes_total", "Bytes of file content hashed.", {"tree"}};

    // --- published results
    Counters published_fetches{
        registry,
        "kentongan_published_fetches_total",
        "Published files asked for, by outcome: changed, unchanged, missing, busy, server_error, "
        "refused, too_large, redirected, certificate, timeout or failed; of saved snapshots "
        "read, skipped (no results) or unreadable.",
        {"source", "outcome"}};
    Counters published_bytes{registry,
                             "kentongan_published_bytes_total",
                             "Bytes of published files received.",
                             {"source"}};
    Gauges published_newest{registry,
                            "kentongan_published_newest_timestamp_seconds",
                            "When the newest published file was made, as it says itself.",
                            {"source"}};
    Gauges published_last_walk{registry,
                               "kentongan_published_last_walk_timestamp_seconds",
                               "When a walk through the published files last came to its end.",
                               {"source"}};
    Gauges published_queue{registry,
                           "kentongan_published_queue_files",
                           "Files known to be next in the walk under way.",
                           {"source"}};
    Gauges published_kept_bytes{registry,
                                "kentongan_published_kept_bytes",
                                "Bytes of versions of published files kept on disk.",
                                {"source"}};

    Gauges clock_offset{registry,
                        "kentongan_clock_offset_seconds",
                        "Our clock less a peer's, by the Date of its last answer that no cache "
                        "gave; known to a second.",
                        {"peer"}};

    // --- zeek
    Counters zeek_records{registry,
                          "kentongan_zeek_records_total",
                          "Zeek records by path (bridge or log) and result: parsed, unparsed, "
                          "malformed, refused, retimed, or dropped by the bridge.",
                          {"path", "result"}};
    Gauges zeek_connected{registry, "kentongan_zeek_connected",
                          "1 while a bridge that is peered with Zeek is connected."};

    // --- citizens' reports
    Counters reports{
        registry, "kentongan_reports_total", "Reports taken, by category.", {"category"}};
    Counters reports_refused{
        registry,
        "kentongan_reports_refused_total",
        "What was sent and not taken, by reason: unreadable, trap (a field that people do not "
        "see), invalid, rate, rate_without_proof, contact, proof_expired, proof_spent, "
        "proof_malformed, proof_wrong, or storage.",
        {"reason"}};
    Counters report_photos{registry,
                           "kentongan_report_photos_total",
                           "Photographs of reports: kept, quarantined of those, or refused as "
                           "unsupported, damaged, too_many_pixels, for the quota, or by storage.",
                           {"result"}};
    Counters report_masked{registry,
                           "kentongan_report_masked_total",
                           "Personal data taken out of reports: identity, phone or mail.",
                           {"kind"}};
    Gauges report_difficulty{registry, "kentongan_report_difficulty_bits",
                             "Zero bits that a proof of work must have now."};
    Gauges report_photo_bytes{registry, "kentongan_report_photo_bytes",
                              "Bytes of photographs on disk, with those set aside."};
    Gauges report_journal_bytes{registry, "kentongan_report_journal_bytes",
                                "Bytes of the journal of reports."};

    // --- pipeline
    Counters pipeline_items{registry,
                            "kentongan_pipeline_items_total",
                            "Items that went through a stage, by direction: in or out.",
                            {"stage", "direction"}};
    Counters pipeline_dropped{registry,
                              "kentongan_pipeline_dropped_total",
                              "Items dropped by a stage, and why. Should stay 0.",
                              {"stage", "reason"}};
    Gauges pipeline_queue_items{
        registry, "kentongan_pipeline_queue_items", "Items waiting before a stage.", {"stage"}};
    Gauges pipeline_queue_capacity{
        registry, "kentongan_pipeline_queue_capacity_items", "Room before a stage.", {"stage"}};
    Gauges pipeline_heartbeat{registry,
                              "kentongan_pipeline_heartbeat_timestamp_seconds",
                              "When the heartbeat last passed a stage.",
                              {"stage"}};
    Gauges sensor_last_seen{registry,
                            "kentongan_sensor_last_seen_timestamp_seconds",
                            "When a source last gave a packet or an event; 0 before the first.",
                            {"sensor"}};
    Counters events{
        registry, "kentongan_events_total", "Events by source and kind.", {"source", "kind"}};
    Counters detector_evicted{registry,
                              "kentongan_detector_evicted_total",
                              "Entries pushed out of a detector's full table.",
                              {"detector"}};
    Counters detector_counts{
        registry,
        "kentongan_detector_counts_total",
        "What a detector counts. Sigma: unrouted, events no rule is for; "
        "without_logsource, events every rule is for; unplanned, events judged "
        "before the plan of their kind was compiled; candidates, conditions "
        "evaluated; regex_given_up, expressions that took too long and counted "
        "as no match. Left out without a finding: late, what came after the time it belongs to was "
        "judged; without_group and without_value, matches without the field a correlation needs; "
        "superseded, matches by rules that have been replaced.",
        {"detector", "what"}};
    Counters rule_findings{registry,
                           "kentongan_rule_findings_total",
                           "Findings on the lanes by rule id, before they are merged into alerts; "
                           "\"other\" once 5,000 rules have fired.",
                           {"engine", "rule"}};
    Gauges event_names_refused{registry, "kentongan_event_field_names_refused",
                               "Field names of events refused since the start, because 60,000 "
                               "different ones are known already. Should stay 0."};
    Gauges detector_entries{registry,
                            "kentongan_detector_entries",
                            "Entries in a detector's tables: series followed, logs listened for.",
                            {"detector"}};
    Counters yara_skipped{
        registry,
        "kentongan_yara_skipped_total",
        "Files and bodies YARA did not scan to the end, or pictures that were not "
        "decoded, and why.",
        {"reason"}};

    // --- alerts
    Counters alerts{registry, "kentongan_alerts_total", "Alerts raised.", {"severity", "engine"}};
    Gauges alerts_open{registry,
                       "kentongan_alerts_open",
                       "Alerts nobody has closed, by state of triage.",
                       {"severity", "state"}};
    Counters alerts_suppressed{registry,
                               "kentongan_alerts_suppressed_total",
                               "Alerts stored as suppressed, and not told: by a suppression, or "
                               "because their rule is over its budget.",
                               {"reason"}};
    Counters alerts_grouped{registry,
                            "kentongan_alerts_grouped_total",
                            "Alerts that went into the alert of a storm instead of standing alone.",
                            {"severity"}};
    Gauges election_phase{registry,
                          "kentongan_election_phase",
                          "1 for the phase of the election calendar that is now.",
                          {"phase"}};
    Histograms detect_latency{registry,
                              "kentongan_detect_latency_seconds",
                              "From the event's time to the alert's commit.",
                              {},
                              buckets::kDetection};
    Histograms store_commit{registry,
                            "kentongan_store_commit_seconds",
                            "Time of one group commit, until the disk confirmed it.",
                            {},
                            buckets::kDisk};
    Gauges store_failing{registry, "kentongan_store_failing",
                         "1 while the store cannot commit; nothing acknowledged is lost."};

    Gauges hub_committed{registry,
                         "kentongan_hub_committed_sequence",
                         "Sequence number of the newest alert that is stored. It is given within "
                         "the transaction: there are no gaps.",
                         {"sensor"}};
    Gauges spool_bytes{registry, "kentongan_spool_bytes",
                       "Size of the database with its write-ahead log: what waits for an agency "
                       "waits there."};
    Gauges spool_free{registry, "kentongan_spool_free_bytes",
                      "Room that its file system still has for it."};
    Gauges spool_oldest{registry, "kentongan_spool_oldest_timestamp_seconds",
                        "Creation time of the oldest message that an agency has not acknowledged; "
                        "0 for none."};

    // --- the tamper-evident history
    Gauges evidence_log_size{registry, "kentongan_evidence_log_size_entries",
                             "Entries of the ledger that are published on disk."};
    Histograms spool_fsync{registry,
                           "kentongan_spool_fsync_seconds",
                           "Time to write a signed checkpoint of the ledger, until the disk "
                           "confirmed it.",
                           {},
                           buckets::kDisk};
    Gauges evidence_waiting{registry, "kentongan_evidence_waiting_entries",
                            "Entries stored and not yet in a signed checkpoint."};
    Gauges evidence_checkpoint{registry, "kentongan_evidence_last_checkpoint_timestamp_seconds",
                               "When the newest checkpoint was signed."};
    Gauges evidence_cosigned{registry,
                             "kentongan_evidence_last_cosign_timestamp_seconds",
                             "When a witness last signed a checkpoint with us.",
                             {"witness"}};
    Gauges evidence_failing{registry, "kentongan_evidence_failing",
                            "1 while the ledger cannot be published; alerts go on."};

    // --- delivery
    Counters delivery_attempts{registry,
                               "kentongan_delivery_attempts_total",
                               "Attempts by destination and outcome: ok, retry, rejected or dead.",
                               {"destination", "outcome"}};
    Gauges delivery_pending{registry,
                            "kentongan_delivery_pending",
                            "Messages an agency has not acknowledged.",
                            {"destination"}};
    Gauges delivery_oldest_unacked{registry,
                                   "kentongan_delivery_oldest_unacked_timestamp_seconds",
                                   "Creation time of the oldest of them; 0 for none.",
                                   {"destination"}};
    Histograms delivery_latency{registry,
                                "kentongan_delivery_latency_seconds",
                                "From commit to acknowledgement.",
                                {"destination"},
                                buckets::kDelivery};

    Gauges delivery_heartbeat{registry,
                              "kentongan_delivery_heartbeat_timestamp_seconds",
                              "When a destination last acknowledged our sign of life.",
                              {"destination"}};

    // --- API
    Counters logins{registry,
                    "kentongan_logins_total",
                    "Logins to the console by outcome: ok, wrong, locked or limited.",
                    {"outcome"}};
    Counters http_limited{registry, "kentongan_http_limited_total",
                          "Requests refused because a client sent too many."};
    Gauges live_tails{registry, "kentongan_live_tails", "Live tails that are open."};
    Counters live_tails_lagged{registry, "kentongan_live_tails_lagged_total",
                               "Live tails told that they read too slowly."};
    Counters http_requests{registry,
                           "kentongan_http_requests_total",
                           "Requests by route and status class.",
                           {"route", "status"}};

    // --- watched services, from their logs
    Counters service_requests{registry,
                              "kentongan_service_requests_total",
                              "Requests in a log, by outcome: ok, client_error or server_error.",
                              {"source", "outcome"}};
    Gauges service_latency{registry,
                           "kentongan_service_latency_seconds",
                           "95th percentile of the answers' times in the log's last busy second.",
                           {"source"}};
    Gauges certificate_end{registry,
                           "kentongan_certificate_end_timestamp_seconds",
                           "When the certificate of a listener ends.",
                           {"listener"}};

    // --- Sirekap (38 provinces at most; finer areas only through the API)
    Gauges uploads_expected{
        registry, "kentongan_uploads_expected", "TPS in the register.", {"province"}};
    Counters uploads_received{registry,
                              "kentongan_uploads_received_total",
                              "TPS with at least one upload.",
                              {"province"}};
    Counters uploads_complete{registry,
                              "kentongan_uploads_complete_total",
                              "TPS with all pages of the form.",
                              {"province"}};
    Counters uploads_repeated{registry,
                              "kentongan_uploads_repeated_total",
                              "Uploads of a page that was there already.",
                              {"province"}};
    Gauges uploads_forecast{registry,
                            "kentongan_uploads_forecast_ratio",
                            "Share of TPS with an upload expected at the target time.",
                            {"province"}};
};

}  // namespace kentongan
