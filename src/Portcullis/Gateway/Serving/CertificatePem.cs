namespace Portcullis.Gateway.Serving;

/// <summary>A certificate as it is kept: all in PEM.</summary>
/// <param name="Chain">The certificate, then those between it and its authority.</param>
/// <param name="Key">Its private key. Secret.</param>
/// <param name="Authority">The authority; null when it is the last of the chain.</param>
internal sealed record CertificatePem(string Chain, string Key, string? Authority)
{
    public override string ToString() => "a certificate";
}
