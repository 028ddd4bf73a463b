using Portcullis.Signing;

namespace Portcullis.Tests.Signing;

/// <summary>What would keep unsigned images from running, in a world without admission webhooks.</summary>
internal sealed class FakeGate : ISigningGate
{
    public string? Gap { get; set; }

    public string? FindGap() => Gap;
}
