// Purpose: pictures by Graphviz's program `dot`, where it is installed. Thread rule: any thread.
#pragma once

#include <string>

namespace settle {

// What `dot -Tsvg` draws of that text. Errors: MissingInput where there is no such program, saying what to do;
// InternalFault with its last words where it fails.
std::string drawn_as_svg(const std::string& dot);

}  // namespace settle
