// The commands there are.
#include "tools/command.hpp"

namespace settle {

extern const Command kGraphCommand;
extern const Command kVersionCommand;

namespace {

constexpr const Command* kCommands[] = {
    &kGraphCommand,
    &kVersionCommand,
};

}  // namespace

std::span<const Command* const> commands() { return kCommands; }

}  // namespace settle
