// Purpose: the name of a vertex or parameter as part of a file's name. Names of ONNX models may hold anything; a slash,
// a percent sign or a control character is written as %XX, so that a file stays in its folder and names stay apart.
// Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

namespace settle {

std::string file_part(std::string_view name);

}  // namespace settle
