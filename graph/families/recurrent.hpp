// Purpose: the families that go through a sequence step by step (rnn, lstm, gru): what their texts have in common.
// layers = STEPSxFEATURES, hidden units of each layer, output units. The input holds a whole sequence; a step takes its
// part. The output is read out from the last step, or at each step from the hidden vertices of all, one vertex.
//
// With a mask, a second input of STEPS numbers is 1 at steps that are there and 0 at those behind a sequence's end.
// Every state that goes on is multiplied by the mask of the step that takes it, so that a step which is not there
// depends on nothing that moves; the last step that is there is read out by multiplying all hidden vertices with 1
// there and 0 elsewhere; the output of a step that is not there, too, is multiplied by 0. No error comes to such a
// step, then, and a padded sequence relaxes, at every step of it, and learns as it does alone at its own length. (Under
// activation relaxation it does where it rests: until then every vertex holds what is left of its value.) Errors:
// BadConfig naming the option and what it may be. Thread rule: pure.
#pragma once

#include "graph/families/options.hpp"

namespace settle::families {

// One layer's step as the lines of its repeat see it.
struct Cell {
  std::string number;  // of the layer, behind every name: "" where there is one
  std::string below;   // what comes in: "step(x, t)", or "h1[t]"
  std::string units;
  std::string activation;
  std::string bias;   // ", bias=0", or ""
  std::string carry;  // what a state is multiplied by where it goes on: "there(t) * ", or ""

  // "h2[t]", or "h2[t-1]".
  std::string now(const std::string& name) const { return name + number + "[t]"; }
  // As a factor or as an argument.
  std::string before(const std::string& name) const { return carry + name + number + "[t-1]"; }
  // "linear(FROM, units, share=W2)"; the bias is the caller's.
  std::string linear(const std::string& from, const std::string& share, const std::string& with_bias) const;
};

struct CellFamily {
  std::string_view name;
  std::vector<std::string> carried;                     // vertices that go on from step to step
  std::vector<std::string> (*lines)(const Cell& cell);  // of a step: "h[t] ~ ..."
};

std::string recurrent_source(const CellFamily& family, const FamilyOptions& options);

}  // namespace settle::families
