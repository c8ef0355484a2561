/* Unix sockets at paths of any length. */
#ifndef SOCKET_H
#define SOCKET_H

/* Listens at a path, for its owner only; what is there is replaced. A descriptor that does not block, or −1 and errno. */
int socket_listen(const char *path, int backlog);

/* Connects to the socket at a path; −1 and errno. */
int socket_connect(const char *path);

/* Sends data, and a descriptor with it; 0, or −1 and errno. */
int socket_send_fd(int socket, const void *data, unsigned long length, int fd);

#endif
