// Purpose: model families: from a few words to the text of a `.graph` model, to be read, printed and edited like any
// other. Adding a family: one file and one line in family.cpp.
// Thread rule: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

struct FamilyOptions {
  // From the input to the output, divided by commas.
  //   mlp       784, 300, 100, 10                  units; 28x28 for the input's extents; "100 relu" for one activation
  //   cnn       3x32x32, conv 6 5 relu, maxpool 2, 200 relu, 10
  //   residual  784, 100, block 100, block 100, 10
  //   rnn, lstm, gru   50x65, 128, 65              steps x features, hidden units of each layer, output units
  std::string layers = {};
  std::string activation = "tanh";     // of layers that name none: any function of one argument
  std::string output = "categorical";  // or normal, bernoulli
  std::string readout = "last";        // of rnn, lstm and gru: from the last step, or from each
  bool mask = false;                   // of rnn, lstm and gru: a second input says which steps are there
  bool bias = true;
  std::int64_t tile = 1;  // actors that share the units of a hidden layer; not of rnn, lstm and gru
};

struct Family {
  std::string_view name;
  bool has_steps;
  std::string (*source)(const FamilyOptions& options);
};

// Readable text that `parse_graph` takes. Errors: BadConfig naming the option and what it may be; for an unknown
// family, the families there are.
std::string family_source(std::string_view name, const FamilyOptions& options);

std::vector<std::string> family_names();
// Whether it goes through a sequence step by step. False for an unknown one.
bool family_has_steps(std::string_view name);

// x -> h1 -> h2 ... -> y: layers of linear and activation, the last one linear only.
std::string mlp_source(const FamilyOptions& options);
// The same with convolutions and pooling, each a vertex.
std::string cnn_source(const FamilyOptions& options);
// The same with blocks of two layers and a connection around them; convolutions in blocks keep their extents.
std::string residual_source(const FamilyOptions& options);
// h[t] = activation(Wh h[t-1] + Wx x[t]), each step a vertex, weights shared over time.
std::string rnn_source(const FamilyOptions& options);
// Every gate of every step a vertex: f, i, g, o, and c[t] = f c[t-1] + i g, h[t] = o activation(c).
std::string lstm_source(const FamilyOptions& options);
// Every gate of every step a vertex: z, r, n, and h[t] = (1 - z) n + z h[t-1].
std::string gru_source(const FamilyOptions& options);

}  // namespace settle
