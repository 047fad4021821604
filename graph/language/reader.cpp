#include "graph/language/reader.hpp"

#include <algorithm>
#include <unordered_set>

#include "graph/error.hpp"
#include "graph/language/parser.hpp"
#include "graph/language/statements.hpp"

namespace settle::language {
namespace {

class TreeReader {
 public:
  TreeReader(Source& source, const IncludeReader& include, Diagnostics& diagnostics)
      : source_(&source), include_(&include), diagnostics_(&diagnostics) {}

  SyntaxTree run() {
    read(0);
    return std::move(tree_);
  }

 private:
  struct Block {
    std::size_t head = 0;  // its statement
    Range brace;
  };

  void read(std::uint32_t file) {
    open_files_.push_back(source_->file_name(file));
    seen_.insert(source_->file_name(file));
    const std::vector<Token> tokens = lex(*source_, file, *diagnostics_);
    for (const std::span<const Token> piece : split_statements(*source_, tokens)) {
      if (piece.front().kind == TokenKind::brace_close)
        close(piece.front());
      else if (piece.size() > 1 && is_word(*source_, piece[0], "include") && piece[1].kind == TokenKind::quoted)
        include(piece);
      else
        statement(piece);
    }
    for (const Block& block : blocks_) {
      diagnostics_->report(block.brace, "this '{' is never closed");
      tree_.statements[block.head].relation = Relation::failed;
      end(block);
    }
    blocks_.clear();
    headless_ = 0;
    open_files_.pop_back();
  }

  void statement(std::span<const Token> piece) {
    Statement statement = parse_statement(*source_, piece, tree_, *diagnostics_);
    statement.depth = static_cast<std::uint32_t>(blocks_.size());
    const bool repeats = is_word(*source_, piece.front(), "repeat") && piece.size() > 1;
    const bool opens = repeats && piece.back().kind == TokenKind::brace_open;
    if (statement.relation == Relation::function && statement.depth > 0) {
      diagnostics_->report(statement.at, "a function is declared outside of repeats");
      statement.relation = Relation::failed;
    }
    if (opens && blocks_.size() == kMaxBlocks) {
      diagnostics_->report(piece.front().at,
                           "more than " + std::to_string(kMaxBlocks) + " repeats within each other are not supported");
      statement.relation = Relation::failed;
    }
    if (headless_ > 0) statement.relation = Relation::failed;
    if (repeats && !opens) ++headless_;
    if (opens) blocks_.push_back({tree_.statements.size(), piece.back().at});
    tree_.statements.push_back(std::move(statement));
  }

  void close(const Token& brace) {
    if (headless_ > 0) {
      --headless_;  // of a repeat whose own mistake is reported
    } else if (blocks_.empty()) {
      diagnostics_->report(brace.at, "this '}' closes nothing");
    } else {
      end(blocks_.back());
      blocks_.pop_back();
    }
  }

  void end(const Block& block) {
    tree_.statements[block.head].end = static_cast<std::uint32_t>(tree_.statements.size());
  }

  void include(std::span<const Token> piece) {
    const Range quoted = piece[1].at;
    const std::string path(source_->text({quoted.offset + 1, quoted.length - 2}));
    if (piece.size() > 2)
      diagnostics_->report(piece[2].at, "expected the end of the line after the name of a file");
    else if (!blocks_.empty())
      diagnostics_->report(piece[0].at, "an include stands outside of repeats");
    else if (path.empty())
      diagnostics_->report(quoted, "the name of a file is missing", R"(it is written include "layers.graph")");
    else if (!*include_)
      diagnostics_->report(quoted, "this text is in no file, so it cannot include one", "write the lines out");
    else
      include(quoted, path);
  }

  void include(Range at, const std::string& path) {
    IncludedText text;
    try {
      text = (*include_)(open_files_.back(), path);
    } catch (const MissingInput& error) {
      throw MissingInput(render({source_->place(at.offset), at.length, error.what(), ""}, *source_));
    } catch (const BadConfig& error) {
      diagnostics_->report(at, error.what());
      return;
    }
    if (std::ranges::find(open_files_, text.file_name) != open_files_.end())
      diagnostics_->report(at,
                           "files that include each other have no end: " + text.file_name + " is being read already");
    else if (open_files_.size() == kMaxIncludes)
      diagnostics_->report(
          at, "more than " + std::to_string(kMaxIncludes) + " files that include each other are not supported");
    else if (!seen_.contains(text.file_name))
      add(at, std::move(text));
  }

  void add(Range at, IncludedText text) {
    try {
      read(source_->add(std::move(text.text), std::move(text.file_name)));
    } catch (const BadConfig& error) {
      diagnostics_->report(at, error.what());
    }
  }

  Source* source_;
  const IncludeReader* include_;
  Diagnostics* diagnostics_;
  SyntaxTree tree_;
  std::vector<Block> blocks_;
  std::size_t headless_ = 0;             // repeats without a '{' whose '}' may follow
  std::vector<std::string> open_files_;  // each included by the one before it
  std::unordered_set<std::string> seen_;
};

}  // namespace

SyntaxTree read_tree(Source& source, const IncludeReader& include, Diagnostics& diagnostics) {
  return TreeReader(source, include, diagnostics).run();
}

}  // namespace settle::language
