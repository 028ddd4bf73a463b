namespace Portcullis.Core.Access;

/// <summary>Whom a grant is for; with a <paramref name="Problem"/>, nobody.</summary>
public sealed record SubjectResolution(IReadOnlyList<RbacSubject> Subjects, Problem? Problem);
