// The commands there are.
#include "tools/command.hpp"

namespace settle {

extern const Command kBenchCommand;
extern const Command kConvertCommand;
extern const Command kEvalCommand;
extern const Command kGradientCommand;
extern const Command kGraphCommand;
extern const Command kLaunchCommand;
extern const Command kOnnxTestCommand;
extern const Command kReportCommand;
extern const Command kRunCommand;
extern const Command kSampleCommand;
extern const Command kStacksCommand;
extern const Command kStatusCommand;
extern const Command kStudyCommand;
extern const Command kVersionCommand;
extern const Command kWorkerCommand;

namespace {

// clang-format off
constexpr const Command* kCommands[] = {
    &kRunCommand,
    &kLaunchCommand,
    &kWorkerCommand,
    &kStudyCommand,
    &kStatusCommand,
    &kStacksCommand,
    &kEvalCommand,
    &kReportCommand,
    &kSampleCommand,
    &kGraphCommand,
    &kGradientCommand,
    &kConvertCommand,
    &kBenchCommand,
    &kOnnxTestCommand,
    &kVersionCommand,
};
// clang-format on

}  // namespace

std::span<const Command* const> commands() { return kCommands; }

}  // namespace settle
