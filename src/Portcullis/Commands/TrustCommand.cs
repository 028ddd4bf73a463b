using System.CommandLine;

namespace Portcullis.Commands;

/// <summary><c>portcullis trust</c>: who has signed what, and who may.</summary>
internal static class TrustCommand
{
    public static Command Create() => new("trust", "Look into signatures and trust data.") { TrustStatusCommand.Create(), TrustVerifyCommand.Create() };
}
