// Purpose: fixes what products would otherwise take from the machine: Eigen splits a product by cache sizes that it
// reads from the CPU, and another split adds in another order. With fixed sizes one build gives one result on any
// machine. Caller: every executor, before its first product. Thread rule: any thread; the first call counts.
#pragma once

namespace settle {

void fix_product_blocking();

}  // namespace settle
