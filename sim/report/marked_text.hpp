// Purpose: the parts of a Markdown text that a program writes and that stand between two lines of their own:
//   <!-- begin NAME -->
//   <!-- end NAME -->
// Everything else is an author's and stays as it is, byte for byte. Caller: the results page. Thread rule: pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

struct MarkedPart {
  std::string name;
  std::size_t begin = 0;  // behind the line that begins it
  std::size_t end = 0;    // where the line that ends it begins
  std::size_t line = 0;   // of its begin, from 1
};

// In their order. `file` begins the message of an error. Errors: BadData naming FILE:LINE for a part that is not
// closed, closed under another name, within another, or there twice.
std::vector<MarkedPart> marked_parts(std::string_view text, const std::string& file);

// The text with other contents between its marks. Requires: `contents` has each part's.
std::string with_contents(std::string_view text, const std::vector<MarkedPart>& parts,
                          const std::map<std::string, std::string>& contents);

}  // namespace settle
