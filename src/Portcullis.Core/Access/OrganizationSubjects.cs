using System.Collections.Concurrent;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Access;

/// <summary>The subjects that one organization stands for, each worked out once: thousands of grants may name the same team.</summary>
internal sealed class OrganizationSubjects(OrganizationSpec organization)
{
    private readonly ConcurrentDictionary<(GrantSubject Subject, SubjectExpansion Expansion), SubjectResolution> _known = new();

    public SubjectResolution Resolve(GrantSubject subject, SubjectExpansion expansion) =>
        _known.GetOrAdd((subject, expansion), static (asked, spec) => GrantSubjects.Resolve(asked.Subject, asked.Expansion, _ => spec), organization);
}
