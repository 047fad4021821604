// The commands there are.
#include "tools/command.hpp"

namespace settle {

extern const Command kEvalCommand;
extern const Command kGraphCommand;
extern const Command kRunCommand;
extern const Command kVersionCommand;

namespace {

constexpr const Command* kCommands[] = {
    &kRunCommand,
    &kEvalCommand,
    &kGraphCommand,
    &kVersionCommand,
};

}  // namespace

std::span<const Command* const> commands() { return kCommands; }

}  // namespace settle
