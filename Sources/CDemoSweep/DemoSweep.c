#include "CDemoSweep.h"

// Each file of the folder digits-vit, embedded as it is, so that the program needs no files beside it.
static const unsigned char file_0[] = {
#embed "digits-vit/README.md"
};
static const unsigned char file_1[] = {
#embed "digits-vit/data/shift_contrast_occlusion_x.npy"
};
static const unsigned char file_2[] = {
#embed "digits-vit/data/shift_contrast_occlusion_y.npy"
};
static const unsigned char file_3[] = {
#embed "digits-vit/data/shift_noise_x.npy"
};
static const unsigned char file_4[] = {
#embed "digits-vit/data/shift_noise_y.npy"
};
static const unsigned char file_5[] = {
#embed "digits-vit/data/shift_rotation_x.npy"
};
static const unsigned char file_6[] = {
#embed "digits-vit/data/shift_rotation_y.npy"
};
static const unsigned char file_7[] = {
#embed "digits-vit/data/test_x.npy"
};
static const unsigned char file_8[] = {
#embed "digits-vit/data/test_y.npy"
};
static const unsigned char file_9[] = {
#embed "digits-vit/data/val_x.npy"
};
static const unsigned char file_10[] = {
#embed "digits-vit/data/val_y.npy"
};
static const unsigned char file_11[] = {
#embed "digits-vit/ingredients/ft_00.safetensors"
};
static const unsigned char file_12[] = {
#embed "digits-vit/ingredients/ft_01.safetensors"
};
static const unsigned char file_13[] = {
#embed "digits-vit/ingredients/ft_02.safetensors"
};
static const unsigned char file_14[] = {
#embed "digits-vit/ingredients/ft_03.safetensors"
};
static const unsigned char file_15[] = {
#embed "digits-vit/ingredients/ft_04.safetensors"
};
static const unsigned char file_16[] = {
#embed "digits-vit/ingredients/ft_05.safetensors"
};
static const unsigned char file_17[] = {
#embed "digits-vit/ingredients/ft_06.safetensors"
};
static const unsigned char file_18[] = {
#embed "digits-vit/ingredients/ft_07.safetensors"
};
static const unsigned char file_19[] = {
#embed "digits-vit/ingredients/ft_08.safetensors"
};
static const unsigned char file_20[] = {
#embed "digits-vit/ingredients/ft_09.safetensors"
};
static const unsigned char file_21[] = {
#embed "digits-vit/ingredients/ft_10.safetensors"
};
static const unsigned char file_22[] = {
#embed "digits-vit/ingredients/ft_11.safetensors"
};
static const unsigned char file_23[] = {
#embed "digits-vit/ingredients/ft_12.safetensors"
};
static const unsigned char file_24[] = {
#embed "digits-vit/ingredients/ft_13.safetensors"
};
static const unsigned char file_25[] = {
#embed "digits-vit/ingredients/ft_14.safetensors"
};
static const unsigned char file_26[] = {
#embed "digits-vit/ingredients/ft_15.safetensors"
};
static const unsigned char file_27[] = {
#embed "digits-vit/ingredients/ft_16.safetensors"
};
static const unsigned char file_28[] = {
#embed "digits-vit/ingredients/ft_17.safetensors"
};
static const unsigned char file_29[] = {
#embed "digits-vit/ingredients/ft_18.safetensors"
};
static const unsigned char file_30[] = {
#embed "digits-vit/ingredients/ft_19.safetensors"
};
static const unsigned char file_31[] = {
#embed "digits-vit/ingredients/ft_20.safetensors"
};
static const unsigned char file_32[] = {
#embed "digits-vit/ingredients/ft_21.safetensors"
};
static const unsigned char file_33[] = {
#embed "digits-vit/ingredients/ft_22.safetensors"
};
static const unsigned char file_34[] = {
#embed "digits-vit/ingredients/ft_23.safetensors"
};
static const unsigned char file_35[] = {
#embed "digits-vit/model.onnx"
};
static const unsigned char file_36[] = {
#embed "digits-vit/results.jsonl"
};
static const unsigned char file_37[] = {
#embed "digits-vit/stockpot.toml"
};
static const unsigned char file_38[] = {
#embed "digits-vit/theta0.safetensors"
};

static const struct {
  const char *path;
  const unsigned char *bytes;
  size_t length;
} files[] = {
    {"README.md", file_0, sizeof file_0},
    {"data/shift_contrast_occlusion_x.npy", file_1, sizeof file_1},
    {"data/shift_contrast_occlusion_y.npy", file_2, sizeof file_2},
    {"data/shift_noise_x.npy", file_3, sizeof file_3},
    {"data/shift_noise_y.npy", file_4, sizeof file_4},
    {"data/shift_rotation_x.npy", file_5, sizeof file_5},
    {"data/shift_rotation_y.npy", file_6, sizeof file_6},
    {"data/test_x.npy", file_7, sizeof file_7},
    {"data/test_y.npy", file_8, sizeof file_8},
    {"data/val_x.npy", file_9, sizeof file_9},
    {"data/val_y.npy", file_10, sizeof file_10},
    {"ingredients/ft_00.safetensors", file_11, sizeof file_11},
    {"ingredients/ft_01.safetensors", file_12, sizeof file_12},
    {"ingredients/ft_02.safetensors", file_13, sizeof file_13},
    {"ingredients/ft_03.safetensors", file_14, sizeof file_14},
    {"ingredients/ft_04.safetensors", file_15, sizeof file_15},
    {"ingredients/ft_05.safetensors", file_16, sizeof file_16},
    {"ingredients/ft_06.safetensors", file_17, sizeof file_17},
    {"ingredients/ft_07.safetensors", file_18, sizeof file_18},
    {"ingredients/ft_08.safetensors", file_19, sizeof file_19},
    {"ingredients/ft_09.safetensors", file_20, sizeof file_20},
    {"ingredients/ft_10.safetensors", file_21, sizeof file_21},
    {"ingredients/ft_11.safetensors", file_22, sizeof file_22},
    {"ingredients/ft_12.safetensors", file_23, sizeof file_23},
    {"ingredients/ft_13.safetensors", file_24, sizeof file_24},
    {"ingredients/ft_14.safetensors", file_25, sizeof file_25},
    {"ingredients/ft_15.safetensors", file_26, sizeof file_26},
    {"ingredients/ft_16.safetensors", file_27, sizeof file_27},
    {"ingredients/ft_17.safetensors", file_28, sizeof file_28},
    {"ingredients/ft_18.safetensors", file_29, sizeof file_29},
    {"ingredients/ft_19.safetensors", file_30, sizeof file_30},
    {"ingredients/ft_20.safetensors", file_31, sizeof file_31},
    {"ingredients/ft_21.safetensors", file_32, sizeof file_32},
    {"ingredients/ft_22.safetensors", file_33, sizeof file_33},
    {"ingredients/ft_23.safetensors", file_34, sizeof file_34},
    {"model.onnx", file_35, sizeof file_35},
    {"results.jsonl", file_36, sizeof file_36},
    {"stockpot.toml", file_37, sizeof file_37},
    {"theta0.safetensors", file_38, sizeof file_38},
};

size_t demo_sweep_file_count(void) { return sizeof files / sizeof files[0]; }
const char *demo_sweep_file_path(size_t index) { return files[index].path; }
const unsigned char *demo_sweep_file_bytes(size_t index) { return files[index].bytes; }
size_t demo_sweep_file_length(size_t index) { return files[index].length; }
