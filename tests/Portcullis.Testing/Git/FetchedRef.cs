using System.Diagnostics;
using Portcullis.Clients.Git;

namespace Portcullis.Testing.Git;

/// <summary>Asks git itself what a fetch brought.</summary>
public static class FetchedRef
{
    /// <summary>Fetches and returns what the ref stands for in the mirror: a commit, or the tag object of an annotated tag.</summary>
    public static async Task<string> FetchedAsync(this GitMirror mirror, string reference)
    {
        await mirror.FetchAsync(reference, CancellationToken.None);
        var start = new ProcessStartInfo("git", ["--git-dir", mirror.Repository.Folder, "rev-parse", "refs/portcullis/head"]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        return (await git.StandardOutput.ReadToEndAsync()).Trim();
    }
}
