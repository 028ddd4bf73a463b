namespace Portcullis.Core.Trust.Tuf;

/// <summary>Why metadata are not believed.</summary>
/// <param name="Kind">The check.</param>
/// <param name="Role">The role.</param>
/// <param name="Message">What is wrong, without the role.</param>
public sealed record TufError(TufErrorKind Kind, string Role, string Message)
{
    /// <summary>
    /// Whether the rest may be read without this role: a delegation that lacks signatures, has expired or is not written as it must be says nothing, and nothing is
    /// wrong with the others. The notary client goes on only without the first two; but then whoever signs for one role could stop the images of all.
    /// </summary>
    public bool MayBeLeftOut => RoleNames.IsDelegation(Role)
        && (Kind is TufErrorKind.Threshold or TufErrorKind.Expired or TufErrorKind.Malformed or TufErrorKind.WrongRole or TufErrorKind.KeyId or TufErrorKind.TooLarge
            || (Kind == TufErrorKind.TooMany && RoleNames.Depth(Role) > RoleLimits.Depth));

    public override string ToString() => $"{Role}: {Message}";
}
