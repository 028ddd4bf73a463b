using Portcullis.Clients.Registry;

namespace Portcullis.Repositories.Writes;

/// <summary>What became of a write.</summary>
internal abstract record TagWriteOutcome
{
    private TagWriteOutcome()
    {
    }

    /// <summary>The registry has it and the ledger says so.</summary>
    public sealed record Written : TagWriteOutcome;

    /// <summary>The tag named this image already.</summary>
    public sealed record Unchanged : TagWriteOutcome;

    /// <summary>There was nothing to delete.</summary>
    public sealed record NotFound : TagWriteOutcome;

    /// <summary>A rule refuses it, or the registry does: an OCI error code (DENIED, MANIFEST_INVALID, …), an HTTP status and a message for the client.</summary>
    public sealed record Refused(string Code, int Status, string Message) : TagWriteOutcome
    {
        /// <summary>The registry's refusal, of which the message says where the registry is: not for clients. Null when a rule refuses it.</summary>
        public RegistryException? Cause { get; init; }
    }

    /// <summary>The cluster or the registry cannot be asked now; nothing is known to have changed, and the same request may be repeated.</summary>
    public sealed record Unavailable(string Message) : TagWriteOutcome
    {
        /// <summary>What failed, of which the message says where the registry is: not for clients. Null when the message says nothing of it.</summary>
        public Exception? Cause { get; init; }
    }
}
