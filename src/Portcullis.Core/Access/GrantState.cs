namespace Portcullis.Core.Access;

/// <summary>Where a grant is in its life.</summary>
public enum GrantState
{
    Pending,
    Active,
    Expired,
}
