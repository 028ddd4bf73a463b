namespace Portcullis.Core.Access;

/// <summary>What one grant gives on a repository, and to whom.</summary>
public sealed record RepositoryGrant(ObjectKey Grant, RepositoryPermission Permission, IReadOnlyList<RbacSubject> Subjects);
