using System.Collections.Concurrent;
using Portcullis.Admission;

namespace Portcullis.Tests.Admission;

/// <summary>Keeps what admission says it decided.</summary>
internal sealed class RecordedAdmissions : IAdmissionAudit
{
    private readonly ConcurrentQueue<AdmissionAuditRecord> _records = [];

    public void Write(AdmissionAuditRecord record) => _records.Enqueue(record);

    public IReadOnlyList<AdmissionAuditRecord> About(string subject) => [.. _records.Where(r => r.Subject == subject)];
}
