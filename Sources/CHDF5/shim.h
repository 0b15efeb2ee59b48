// Declarations of <hdf5.h> and <hdf5_hl.h> that Swift cannot import.
//
// HDF5's predefined identifiers are macros that call H5open() and then name a global variable. Its flags are macros
// with that call in front of a number, and a few functions are macros for one of their versions. The Swift importer
// skips all three. Each of them is therefore an inline function of the same name with the prefix `CHDF5_` (which
// replaces `MPI_` for the few MPI handles needed here). The last two functions are system calls that Swift cannot
// import either. Nothing else belongs in this file.

#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <errno.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <linux/falloc.h>
#include <string.h>

#ifndef H5_HAVE_PARALLEL
#error "this HDF5 was built without MPI: install libhdf5-openmpi-dev or libhdf5-mpich-dev, or set HDF5_PKG_CONFIG"
#endif

// Property lists
static inline hid_t CHDF5_H5P_DEFAULT(void) { return H5P_DEFAULT; }
static inline hid_t CHDF5_H5P_FILE_CREATE(void) { return H5P_FILE_CREATE; }
static inline hid_t CHDF5_H5P_FILE_ACCESS(void) { return H5P_FILE_ACCESS; }
static inline hid_t CHDF5_H5P_GROUP_CREATE(void) { return H5P_GROUP_CREATE; }
static inline hid_t CHDF5_H5P_DATASET_CREATE(void) { return H5P_DATASET_CREATE; }
static inline hid_t CHDF5_H5P_DATASET_XFER(void) { return H5P_DATASET_XFER; }
static inline unsigned CHDF5_H5P_CRT_ORDER_TRACKED(void) { return H5P_CRT_ORDER_TRACKED; }
static inline unsigned CHDF5_H5P_CRT_ORDER_INDEXED(void) { return H5P_CRT_ORDER_INDEXED; }

// File access and object flags
static inline unsigned CHDF5_H5F_ACC_RDONLY(void) { return H5F_ACC_RDONLY; }
static inline unsigned CHDF5_H5F_ACC_RDWR(void) { return H5F_ACC_RDWR; }
static inline unsigned CHDF5_H5F_ACC_TRUNC(void) { return H5F_ACC_TRUNC; }
static inline unsigned CHDF5_H5F_ACC_EXCL(void) { return H5F_ACC_EXCL; }
static inline unsigned CHDF5_H5F_OBJ_ALL(void) { return H5F_OBJ_ALL; }

// Dataspaces and errors
static inline hid_t CHDF5_H5E_NOTHDF5(void) { return H5E_NOTHDF5; }
static inline hid_t CHDF5_H5E_TRUNCATED(void) { return H5E_TRUNCATED; }
static inline hid_t CHDF5_H5S_ALL(void) { return H5S_ALL; }
static inline hsize_t CHDF5_H5S_UNLIMITED(void) { return H5S_UNLIMITED; }
static inline hid_t CHDF5_H5E_DEFAULT(void) { return H5E_DEFAULT; }

// Datatypes
static inline hid_t CHDF5_H5T_C_S1(void) { return H5T_C_S1; }
static inline size_t CHDF5_H5T_VARIABLE(void) { return H5T_VARIABLE; }
static inline hid_t CHDF5_H5T_NATIVE_INT8(void) { return H5T_NATIVE_INT8; }
static inline hid_t CHDF5_H5T_NATIVE_INT16(void) { return H5T_NATIVE_INT16; }
static inline hid_t CHDF5_H5T_NATIVE_INT32(void) { return H5T_NATIVE_INT32; }
static inline hid_t CHDF5_H5T_NATIVE_INT64(void) { return H5T_NATIVE_INT64; }
static inline hid_t CHDF5_H5T_NATIVE_UINT8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t CHDF5_H5T_NATIVE_UINT16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t CHDF5_H5T_NATIVE_UINT32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t CHDF5_H5T_NATIVE_UINT64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t CHDF5_H5T_NATIVE_FLOAT(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t CHDF5_H5T_NATIVE_DOUBLE(void) { return H5T_NATIVE_DOUBLE; }

// MPI
static inline MPI_Comm CHDF5_COMM_SELF(void) { return MPI_COMM_SELF; }
static inline MPI_Info CHDF5_INFO_NULL(void) { return MPI_INFO_NULL; }
static inline MPI_File CHDF5_FILE_NULL(void) { return MPI_FILE_NULL; }

// H5Ovisit: the callback gets the path and the type of each object.
typedef herr_t (*CHDF5_visitor_t)(const char *path, H5O_type_t type, void *context);
struct CHDF5_visit_t {
    CHDF5_visitor_t visitor;
    void *context;
};
static inline herr_t CHDF5_visit_object(hid_t object, const char *path, const H5O_info_t *info, void *visit) {
    (void)object;
    return ((struct CHDF5_visit_t *)visit)->visitor(path, info->type, ((struct CHDF5_visit_t *)visit)->context);
}

// The address of an object in its file (since HDF5 1.12 its token), which is the same under each of its names.
struct CHDF5_object_place_t {
    uint64_t first;
    uint64_t second;
};
static inline herr_t CHDF5_H5Oget_place(hid_t object, struct CHDF5_object_place_t *place) {
    H5O_info_t info;
#if H5_VERSION_GE(1, 12, 0)
    herr_t result = H5Oget_info3(object, &info, H5O_INFO_BASIC);
    memcpy(place, &info.token, sizeof *place);
#else
    herr_t result = H5Oget_info2(object, &info, H5O_INFO_BASIC);
    place->first = info.addr;
    place->second = 0;
#endif
    return result;
}

// H5Literate: the callback gets the name, the type and the value size of each link; the size is 0 for hard links.
typedef herr_t (*CHDF5_link_visitor_t)(const char *name, H5L_type_t type, size_t value_size, void *context);
struct CHDF5_link_visit_t {
    CHDF5_link_visitor_t visitor;
    void *context;
};
#if H5_VERSION_GE(1, 12, 0)
typedef H5L_info2_t CHDF5_link_info_t;
#else
typedef H5L_info_t CHDF5_link_info_t;
#endif
static inline herr_t CHDF5_visit_link(hid_t group, const char *name, const CHDF5_link_info_t *info, void *visit) {
    (void)group;
    struct CHDF5_link_visit_t *link = (struct CHDF5_link_visit_t *)visit;
    return link->visitor(name, info->type, info->type == H5L_TYPE_HARD ? 0 : info->u.val_size, link->context);
}
static inline herr_t CHDF5_H5Literate(hid_t group, CHDF5_link_visitor_t visitor, void *context) {
    struct CHDF5_link_visit_t visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
    return H5Literate2(group, H5_INDEX_NAME, H5_ITER_INC, NULL, CHDF5_visit_link, &visit);
#else
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, CHDF5_visit_link, &visit);
#endif
}
static inline herr_t CHDF5_H5Ovisit(hid_t object, CHDF5_visitor_t visitor, void *context) {
    struct CHDF5_visit_t visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
    return H5Ovisit3(object, H5_INDEX_NAME, H5_ITER_INC, CHDF5_visit_object, &visit, H5O_INFO_BASIC);
#else
    return H5Ovisit2(object, H5_INDEX_NAME, H5_ITER_INC, CHDF5_visit_object, &visit, H5O_INFO_BASIC);
#endif
}

// H5Treclaim, which is called H5Dvlen_reclaim before HDF5 1.12
static inline herr_t CHDF5_H5Treclaim(hid_t type, hid_t space, void *buffer) {
#if H5_VERSION_GE(1, 12, 0)
    return H5Treclaim(type, space, H5P_DEFAULT, buffer);
#else
    return H5Dvlen_reclaim(type, space, H5P_DEFAULT, buffer);
#endif
}

// Two Linux system calls that the C library's headers declare only if _GNU_SOURCE is defined before the first of them
// is included.

// Allocates disk space; the size of the file does not change if keep_size is set. Returns 0 or an errno.
static inline int CHDF5_fallocate(int file, int keep_size, int64_t start, int64_t count) {
    extern int fallocate(int, int, off_t, off_t);
    int result;
    do {
        result = fallocate(file, keep_size ? FALLOC_FL_KEEP_SIZE : 0, start, count);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

// Opens an anonymous file in memory; returns -1 on failure.
static inline int CHDF5_memfd_create(const char *name) {
    extern int memfd_create(const char *, unsigned);
    return memfd_create(name, 1 /* MFD_CLOEXEC */);
}

#endif
