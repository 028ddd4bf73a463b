using System.Globalization;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Tests.Stores;

/// <summary>What an object was at one place in its history.</summary>
internal sealed record ShownState(int Version, string? Content, bool IsOurs)
{
    /// <summary>Null for an object that is not there.</summary>
    public string? ShownVersion => Content is null ? null : Version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A write on its way to the server.</summary>
internal sealed class SentRequest(ExpectedWrite<string?> write, string? content)
{
    /// <summary>Null when nobody waits for the answer any more.</summary>
    public ExpectedWrite<string?>? Write { get; set; } = write;

    public string? Content { get; } = content;

    /// <summary>Some deletion was shown since, which may be its own.</summary>
    public bool SawDeletion { get; set; }

    /// <summary>The place in history that it made; null while it has not arrived.</summary>
    public int? Result { get; set; }
}
