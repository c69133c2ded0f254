"""Mount tables as ``/proc/self/mountinfo`` has them on machines that the extension runs on.

Put together from listings of ``df`` and ``mount`` of a compute instance, as Azure's documentation
and users show them, of a container of Docker's, and of Debian on a laptop with an encrypted disk.
"""

from __future__ import annotations

SHARE = "/mnt/batch/tasks/shared/LS_root/mounts/clusters/amy-ci/code"

COMPUTE_INSTANCE = f"""\
24 29 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
25 29 0:23 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw
26 29 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=7110752k,mode=755,inode64
28 29 0:25 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=1423000k,mode=755
29 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,discard,errors=remount-ro
32 26 0:27 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,inode64
60 29 7:0 / /snap/core22/1748 ro,nodev,relatime shared:30 - squashfs /dev/loop0 ro,errors=continue
61 29 8:15 / /boot/efi rw,relatime shared:31 - vfat /dev/sda15 rw,fmask=0077,dmask=0077
62 29 8:17 / /mnt rw,relatime shared:32 - ext4 /dev/sdb1 rw
63 62 0:41 / /mnt/azmnt rw,relatime shared:33 - tmpfs tmpfs rw,size=64k
64 62 0:44 / {SHARE} rw,relatime shared:40 - cifs //amystorage.file.core.windows.net/code-391ff5ac rw,vers=3.1.1
65 29 0:44 / /home/azureuser/cloudfiles/code rw,relatime shared:40 - cifs //amystorage.file.core.windows.net/code-391ff5ac rw,vers=3.1.1
66 29 8:1 /var/lib/docker/overlay2 /var/lib/docker/overlay2 rw,relatime - ext4 /dev/sda1 rw,discard,errors=remount-ro
67 29 0:52 / /var/lib/docker/overlay2/0f3a/merged rw,relatime - overlay overlay rw,lowerdir=/l/A,upperdir=/u,workdir=/w
"""  # noqa: E501

DOCKER = """\
1042 921 0:70 / / rw,relatime master:282 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/YJ:/var/lib/docker/overlay2/l/4Q,upperdir=/var/lib/docker/overlay2/5d/diff,workdir=/var/lib/docker/overlay2/5d/work
1043 1042 0:73 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
1044 1042 0:74 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755,inode64
1048 1042 0:76 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
1051 1044 0:77 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k,inode64
1052 1042 259:2 /var/lib/docker/containers/9c1/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/nvme0n1p2 rw
1053 1042 259:2 /home/jovyan/notebooks /home/jovyan/work rw,relatime - ext4 /dev/nvme0n1p2 rw
922 1043 0:73 /bus /proc/bus ro,nosuid,nodev,noexec,relatime - proc proc rw
"""  # noqa: E501

LAPTOP = """\
23 28 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
24 28 0:22 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/laptop--vg-root rw,errors=remount-ro
43 28 259:2 / /boot rw,relatime shared:20 - ext2 /dev/nvme0n1p2 rw
45 28 254:3 / /home rw,relatime shared:22 - ext4 /dev/mapper/laptop--vg-home rw
50 45 0:50 / /home/jovyan/Cloud\\040Drive rw,nosuid,nodev,relatime shared:24 - fuse.rclone cloud: rw,user_id=1000
"""  # noqa: E501
