using Portcullis.Clients.Git;

namespace Portcullis.Sources.Fetch;

/// <summary>Makes the mirrors of all sources, which lie in one folder and share connections where they may.</summary>
internal sealed class GitMirrors(GitSourcesOptions options, SshConnections connections, TimeProvider time)
{
    /// <summary>Repositories on this machine's disk may be read.</summary>
    public bool AllowLocal => options.AllowLocal;

    public GitMirror Of(GitRemote remote) => new(OptionsOf(options), remote, time, connections);

    public static GitOptions OptionsOf(GitSourcesOptions options) => new() { CacheFolder = options.CacheFolder, AllowLocal = options.AllowLocal };
}
