namespace Portcullis.Core.Access;

/// <summary>How teams and organizations become RBAC subjects.</summary>
public enum SubjectExpansion
{
    Users,
    Groups,
}
