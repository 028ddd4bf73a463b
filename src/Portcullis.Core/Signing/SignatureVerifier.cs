using System.Text.Json.Serialization;

namespace Portcullis.Core.Signing;

/// <summary>A way to sign images.</summary>
public enum SignatureVerifier
{
    /// <summary>TUF metadata on a Notary server, as <c>docker trust</c> and <c>notary</c> write it.</summary>
    [JsonStringEnumMemberName("notary")]
    Notary,
}
