#pragma once
// One line of a container runtime's log: Docker's json-file, {"log":"…\n","stream":"stdout",
// "time":"…"}, which splits at 16 KiB, and the CRI's `time stdout F|P text`. Sources: Docker's
// jsonfilelog driver; kubernetes/design-proposals kubelet-cri-logging.
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.hpp"

namespace kentongan::log {

struct ContainerLine {
    std::string_view text;    ///< what the program wrote; in the line, or in scratch memory
    std::string_view stream;  ///< stdout or stderr
    std::optional<Timestamp> time;
    bool partial = false;  ///< more of the same line follows on this stream
};

/// Either layout; `scratch` is emptied and filled where the text was escaped.
[[nodiscard]] bool read_container_line(std::string_view line, std::string& scratch,
                                       ContainerLine& out);

/// What the path of a container's log says: /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log,
/// /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log, …/containers/ID/ID-json.log.
struct ContainerPath {
    std::string_view pod;
    std::string_view space;
    std::string_view container;
    std::string_view id;
};
[[nodiscard]] ContainerPath read_container_path(std::string_view path);

}  // namespace kentongan::log
