using System.Collections.Concurrent;
using Portcullis.Gateway;

namespace Portcullis.Tests.Gateway;

/// <summary>Keeps what the gateway says it decided.</summary>
internal sealed class RecordedAudit : IGatewayAudit
{
    private readonly ConcurrentQueue<GatewayAuditRecord> _records = [];

    public IReadOnlyList<GatewayAuditRecord> Records => [.. _records];

    public void Write(GatewayAuditRecord record) => _records.Enqueue(record);
}
