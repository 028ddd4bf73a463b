using Portcullis.Sources.Root;

namespace Portcullis.Sources;

/// <summary>The start parameters about Git sources.</summary>
internal sealed class GitSourcesOptions
{
    /// <summary>The source that may declare everything, other sources included. Empty: none may.</summary>
    public string RootSource { get; set; } = "";

    /// <summary>What the root source is; null when the start parameters do not say.</summary>
    public RootSourceDeclaration? Root { get; set; }

    /// <summary>Where mirrors are kept; rebuilt when it is empty.</summary>
    public required string CacheFolder { get; set; }

    /// <summary>Repositories on this machine's disk may be read (<c>portcullis up</c>).</summary>
    public bool AllowLocal { get; set; }

    /// <summary>Where push notices are received; null for nowhere.</summary>
    public int? ReceiverPort { get; set; }
}
