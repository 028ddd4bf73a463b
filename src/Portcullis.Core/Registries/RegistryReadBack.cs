namespace Portcullis.Core.Registries;

/// <summary>What a registry answered, and what is declared of it.</summary>
public sealed record RegistryReadBack
{
    /// <summary>The name under which clients reach it.</summary>
    public string Host { get; init; } = "";

    /// <summary>Why it did not answer as it should; null when it did.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Its repositories; null when it has no catalogue or was not asked.</summary>
    public IReadOnlyList<string>? Catalogue { get; init; }

    /// <summary>The names of the repositories that Git declares for it.</summary>
    public IReadOnlyList<string> Declared { get; init; } = [];

    public string? Authentication { get; init; }

    public DateTimeOffset? CertificateExpiresAt { get; init; }

    /// <summary>What clients are shown under the registry's host; null when nobody answers there by TLS, as far as the operator can see.</summary>
    public PresentedCertificate? Gateway { get; init; }

    /// <summary>Tags in the ledgers.</summary>
    public int Tags { get; init; }

    /// <summary>When it last answered, by the status before.</summary>
    public DateTimeOffset? AnsweredBefore { get; init; }
}
