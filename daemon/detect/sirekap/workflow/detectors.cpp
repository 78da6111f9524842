#include "daemon/detect/sirekap/workflow/detectors.hpp"

#include "daemon/detect/sirekap/workflow/backdated_detector.hpp"
#include "daemon/detect/sirekap/workflow/change_detector.hpp"
#include "daemon/detect/sirekap/workflow/database_detector.hpp"
#include "daemon/detect/sirekap/workflow/duplicate_image_detector.hpp"
#include "daemon/detect/sirekap/workflow/early_upload_detector.hpp"
#include "daemon/detect/sirekap/workflow/four_eyes_detector.hpp"
#include "daemon/detect/sirekap/workflow/image_content_detector.hpp"
#include "daemon/detect/sirekap/workflow/uploader_detector.hpp"
#include "daemon/detect/sirekap/workflow/verification_pace_detector.hpp"

namespace kentongan::sirekap {

std::vector<std::unique_ptr<Detector>> workflow_detectors(WorkflowOptions options) {
    const auto shared = std::make_shared<const WorkflowOptions>(std::move(options));
    std::vector<std::unique_ptr<Detector>> out;
    out.push_back(std::make_unique<UploaderDetector>(shared));
    out.push_back(std::make_unique<EarlyUploadDetector>(shared));
    out.push_back(std::make_unique<DuplicateImageDetector>(*shared));
    out.push_back(std::make_unique<ImageContentDetector>(*shared));
    out.push_back(std::make_unique<ChangeDetector>(shared));
    out.push_back(std::make_unique<DatabaseDetector>(shared));
    out.push_back(std::make_unique<BackdatedDetector>(*shared));
    out.push_back(std::make_unique<VerificationPaceDetector>(*shared));
    out.push_back(std::make_unique<FourEyesDetector>(*shared));
    return out;
}

}  // namespace kentongan::sirekap
