using System.Security.Cryptography;

namespace Portcullis.Identity.Logins;

/// <summary>Which copy of the gateway this process is: unique, and a legal key of a ConfigMap.</summary>
internal sealed record GatewayCopy(string Name)
{
    public static GatewayCopy New() => new($"{Environment.MachineName}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
}
