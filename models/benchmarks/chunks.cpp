// What running residual blocks in chunks of a few images would win on this processor: the forward pass of some ResNet bottlenecks
// (1x1, 3x3, 1x1, each with batch norm, ReLU, and the sum with the shortcut) in bf16, channels last, batch 16, one thread; 'whole' as
// the engine does it, 'chunks' with each convolution between the application of the batch norm before it and the sums of the one
// after it, image by image. The sums once by a primitive of the library (the gradients of a batch norm with given statistics are such
// sums), once by a loop of its own, once left out. Weights are 0: values do not matter for the time.
//
//   jar=$(find ~/.m2 -name 'dnnl-3.11-1.5.13-linux-x86_64.jar'); unzip -qo "$jar" -d /tmp/dnnl; lib=/tmp/dnnl/org/bytedeco/dnnl/linux-x86_64
//   g++ -O3 -march=native -std=c++17 -I $lib/include models/benchmarks/chunks.cpp -o /tmp/chunks $lib/libdnnl.so.3 $lib/libgomp.so.1 -Wl,-rpath,$lib
//   OMP_NUM_THREADS=1 taskset -c 0 /tmp/chunks 256 56 1 6      # channels, side, images a chunk, blocks (distinct memory: more than the cache)
#include <immintrin.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "oneapi/dnnl/dnnl.hpp"

using dnnl::memory;
using Type = memory::data_type;
using Tag = memory::format_tag;

static const int BATCH = 16;
static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
static dnnl::stream stream(engine);
static char *arena, *scratch;
static size_t used;

static char *take(size_t bytes) {
  char *place = arena + used;
  used += (bytes + 4095) / 4096 * 4096;
  return place;
}

static memory::desc images(int n, int c, int side) { return {{n, c, side, side}, Type::bf16, Tag::nhwc}; }
static memory::desc channels(int c) { return {{c}, Type::f32, Tag::a}; }

// A primitive whose operands move on with the chunk.
struct Step {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> operands;
  struct Moving { int number; char *first; size_t stride; };
  std::vector<Moving> moving;

  Step &with(int number, memory::desc type, void *place, size_t stride = 0) {
    operands.insert({number, memory(type, engine, place)});
    if (stride) moving.push_back({number, static_cast<char *>(place), stride});
    return *this;
  }
  Step &scratchpad(memory::desc type) { return type.get_size() ? with(DNNL_ARG_SCRATCHPAD, type, scratch) : *this; }
  void run(int chunk) {
    for (auto &m : moving) operands[m.number].set_data_handle(m.first + m.stride * chunk);
    primitive.execute(stream, operands);
  }
};

static dnnl::primitive_attr attributes(dnnl::post_ops after = {}) {
  dnnl::primitive_attr made;
  made.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  made.set_post_ops(after);
  return made;
}

static Step convolution(int n, int in, int out, int side, int kernel, void *x, void *y, size_t dx = 0, size_t dy = 0) {
  int pad = kernel / 2;
  dnnl::convolution_forward::primitive_desc made(
      engine, dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, images(n, in, side),
      {{out, in, kernel, kernel}, Type::bf16, Tag::any}, images(n, out, side), {1, 1}, {pad, pad}, {pad, pad}, attributes());
  memory::desc weights = made.weights_desc();
  void *zeros = memset(take(weights.get_size()), 0, weights.get_size());
  Step step{dnnl::convolution_forward(made)};
  step.with(DNNL_ARG_SRC, images(n, in, side), x, dx).with(DNNL_ARG_WEIGHTS, weights, zeros);
  return step.with(DNNL_ARG_DST, images(n, out, side), y, dy).scratchpad(made.scratchpad_desc());
}

static Step batchNorm(int n, int c, int side, void *x, void *y, bool relu) {
  auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
  if (relu) flags = flags | dnnl::normalization_flags::fuse_norm_relu;
  dnnl::batch_normalization_forward::primitive_desc made(
      engine, dnnl::prop_kind::forward_training, images(n, c, side), images(n, c, side), 1e-5f, flags, attributes());
  Step step{dnnl::batch_normalization_forward(made)};
  step.with(DNNL_ARG_SRC, images(n, c, side), x).with(DNNL_ARG_DST, images(n, c, side), y);
  for (int number : {DNNL_ARG_MEAN, DNNL_ARG_VARIANCE, DNNL_ARG_SCALE, DNNL_ARG_SHIFT}) step.with(number, channels(c), take(4 * c));
  if (relu) step.with(DNNL_ARG_WORKSPACE, made.workspace_desc(), take(made.workspace_desc().get_size()));
  return step.scratchpad(made.scratchpad_desc());
}

// x * scale + shift [+ shortcut], then ReLU: a batch norm whose statistics are known.
static Step normalize(int n, int c, int side, void *x, void *y, void *shortcut, size_t stride) {
  memory::desc each({1, c, 1, 1}, Type::f32, Tag::nhwc), all = images(n, c, side);
  dnnl::post_ops after;
  after.append_binary(dnnl::algorithm::binary_add, each);
  if (shortcut) after.append_binary(dnnl::algorithm::binary_add, all);
  after.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
  dnnl::binary::primitive_desc made(engine, dnnl::algorithm::binary_mul, all, each, all, attributes(after));
  Step step{dnnl::binary(made)};
  step.with(DNNL_ARG_SRC_0, all, x, stride).with(DNNL_ARG_SRC_1, each, take(4 * c)).with(DNNL_ARG_DST, all, y, stride);
  step.with(DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, each, take(4 * c));
  if (shortcut) step.with(DNNL_ARG_ATTR_MULTIPLE_POST_OP(1) | DNNL_ARG_SRC_1, all, shortcut, stride);
  return step.scratchpad(made.scratchpad_desc());
}

// sum x and sum x^2 of each channel, as the gradients of shift and scale where dy is x, the mean 0 and the variance 1.
static Step librarySums(int n, int c, int side, void *x, size_t stride, void *ignored) {
  auto flags = dnnl::normalization_flags::use_global_stats | dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
  memory::desc all = images(n, c, side);
  dnnl::batch_normalization_forward::primitive_desc forward(engine, dnnl::prop_kind::forward_training, all, all, 1e-5f, flags, attributes());
  dnnl::batch_normalization_backward::primitive_desc made(engine, dnnl::prop_kind::backward, all, all, all, 1e-5f, flags, forward, attributes());
  Step step{dnnl::batch_normalization_backward(made)};
  step.with(DNNL_ARG_SRC, all, x, stride).with(DNNL_ARG_DIFF_DST, all, x, stride).with(DNNL_ARG_DIFF_SRC, all, ignored);
  for (int number : {DNNL_ARG_MEAN, DNNL_ARG_VARIANCE, DNNL_ARG_SCALE, DNNL_ARG_DIFF_SCALE, DNNL_ARG_DIFF_SHIFT})
    step.with(number, channels(c), take(4 * c));
  return step.scratchpad(made.scratchpad_desc());
}

static void ownSums(const unsigned short *x, size_t rows, int c, float *sums, float *squares) {
  for (int block = 0; block < c; block += 64) {
    __m512 sum[4] = {}, square[4] = {};
    for (size_t row = 0; row < rows; row++)
      for (int k = 0; k < 4; k++) {
        __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(x + row * c + block + 16 * k));
        __m512 value = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
        sum[k] = _mm512_add_ps(sum[k], value);
        square[k] = _mm512_fmadd_ps(value, value, square[k]);
      }
    for (int k = 0; k < 4; k++) {
      _mm512_storeu_ps(sums + block + 16 * k, _mm512_add_ps(sum[k], _mm512_loadu_ps(sums + block + 16 * k)));
      _mm512_storeu_ps(squares + block + 16 * k, _mm512_add_ps(square[k], _mm512_loadu_ps(squares + block + 16 * k)));
    }
  }
}

static Step add(int c, int side, void *a, void *b, void *y) {
  dnnl::post_ops after;
  after.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0);
  memory::desc all = images(BATCH, c, side);
  dnnl::binary::primitive_desc made(engine, dnnl::algorithm::binary_add, all, all, all, attributes(after));
  Step step{dnnl::binary(made)};
  return step.with(DNNL_ARG_SRC_0, all, a).with(DNNL_ARG_SRC_1, all, b).with(DNNL_ARG_DST, all, y).scratchpad(made.scratchpad_desc());
}

// What is done to one chunk after the other: steps, and the sums of what the last one wrote.
struct Group {
  std::vector<Step> steps;
  char *result;
  int channels;
};

int main(int, char **argv) {
  int wide = atoi(argv[1]), thin = wide / 4, side = atoi(argv[2]), chunk = atoi(argv[3]), blocks = atoi(argv[4]);
  size_t reserved = size_t(3) << 30, image = size_t(2) * side * side;
  arena = static_cast<char *>(mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  madvise(arena, reserved, MADV_HUGEPAGE);
  scratch = take(64 << 20);
  char *ignored = take(BATCH * image * wide), *normalized = take(BATCH * image * wide), *x = take(BATCH * image * wide);
  float *sums = reinterpret_cast<float *>(take(4 * wide)), *squares = reinterpret_cast<float *>(take(4 * wide));
  size_t dWide = image * wide * chunk, dThin = image * thin * chunk;
  std::vector<Step> whole;
  std::vector<Group> groups;
  char *before = nullptr, *shortcut = nullptr;
  for (int b = 0; b < blocks; b++) {
    char *y1 = take(BATCH * image * thin), *z1 = take(BATCH * image * thin), *y2 = take(BATCH * image * thin);
    char *z2 = take(BATCH * image * thin), *y3 = take(BATCH * image * wide), *z3 = take(BATCH * image * wide);
    whole.push_back(convolution(BATCH, wide, thin, side, 1, x, y1));
    whole.push_back(batchNorm(BATCH, thin, side, y1, z1, true));
    whole.push_back(convolution(BATCH, thin, thin, side, 3, z1, y2));
    whole.push_back(batchNorm(BATCH, thin, side, y2, z2, true));
    whole.push_back(convolution(BATCH, thin, wide, side, 1, z2, y3));
    whole.push_back(batchNorm(BATCH, wide, side, y3, normalized, false));
    whole.push_back(add(wide, side, normalized, x, z3));
    Group first{{}, y1, thin}, second{{}, y2, thin}, third{{}, y3, wide};
    if (before) first.steps.push_back(normalize(chunk, wide, side, before, x, shortcut, dWide));
    first.steps.push_back(convolution(chunk, wide, thin, side, 1, x, y1, dWide, dThin));
    second.steps = {normalize(chunk, thin, side, y1, z1, nullptr, dThin), convolution(chunk, thin, thin, side, 3, z1, y2, dThin, dThin)};
    third.steps = {normalize(chunk, thin, side, y2, z2, nullptr, dThin), convolution(chunk, thin, wide, side, 1, z2, y3, dThin, dWide)};
    groups.insert(groups.end(), {first, second, third});
    before = y3, shortcut = x, x = z3;
  }
  std::vector<Step> library;
  for (auto &group : groups)
    library.push_back(librarySums(chunk, group.channels, side, group.result, image * group.channels * chunk, ignored));

  auto time = [&](const char *what, auto run) {
    run();
    double best = 1e9;
    for (int i = 0; i < 7; i++) {
      auto begin = std::chrono::steady_clock::now();
      run();
      stream.wait();
      best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    }
    printf("%-24s %6.2f ms a block\n", what, best / blocks);
  };
  auto chunks = [&](auto summing) {
    for (size_t g = 0; g < groups.size(); g++)
      for (int c = 0; c < BATCH / chunk; c++) {
        for (auto &step : groups[g].steps) step.run(c);
        summing(g, c);
      }
  };
  for (int turn = 0; turn < 2; turn++) {
    time("whole", [&] { for (auto &step : whole) step.run(0); });
    time("chunks, library's sums", [&] { chunks([&](size_t g, int c) { library[g].run(c); }); });
    time("chunks, own sums", [&] {
      chunks([&](size_t g, int c) {
        size_t bytes = image * groups[g].channels * chunk;
        ownSums(reinterpret_cast<unsigned short *>(groups[g].result + bytes * c), size_t(chunk) * side * side, groups[g].channels, sums, squares);
      });
    });
    time("chunks, no sums", [&] { chunks([](size_t, int) {}); });
  }
}
