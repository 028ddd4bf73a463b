using System.Diagnostics;
using Portcullis.Clients.Git;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>A cache without room: told as such, and nothing is broken by it.</summary>
internal sealed class FullDiskTests
{
    [Test]
    public async Task A_full_cache_is_told_and_works_again_when_there_is_room()
    {
        using var git = new GitWorkspace();
        var disk = Path.Combine(git.Root, "disk");
        Directory.CreateDirectory(disk);
        if (Mount("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk) != 0)
        {
            Assert.Ignore("not run: this test may not mount a small disk");
        }

        try
        {
            var noise = new byte[2 * 1024 * 1024];
            new Random(1).NextBytes(noise);
            git.Write("a.bin", noise).Commit();
            var mirror = new GitMirror(
                new GitOptions { CacheFolder = Path.Combine(disk, "cache"), AllowLocal = true }, new GitRemote(GitUrl.Parse(git.Folder, true, out _)!), TimeProvider.System);

            var full = Assert.ThrowsAsync<GitException>(() => mirror.FetchAsync("refs/heads/main", default))!;
            Assert.That(full.Failure, Is.EqualTo(GitFailure.Disk), full.Message);

            Assert.That(Mount("mount", "-o", "remount,size=16m", disk), Is.Zero);
            Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(git.Head));
        }
        finally
        {
            Mount("umount", disk);
        }
    }

    private static int Mount(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
