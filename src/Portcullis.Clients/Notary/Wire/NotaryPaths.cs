using System.Globalization;
using System.Text.RegularExpressions;

namespace Portcullis.Clients.Notary.Wire;

/// <summary>The paths of a Notary server. Names are the caller's text: what could lead to another path is no name, and no request is made with it.</summary>
internal static partial class NotaryPaths
{
    private const int LongestName = 255;

    public static string Publication(string gun) => $"v2/{Gun(gun)}/_trust/tuf/";

    public static string Metadata(string gun, MetadataName name)
    {
        var known = IsRole(name.Role) && name.Version is null or > 0 && (name.Checksum is null || Checksum().IsMatch(name.Checksum));
        return known ? $"{Publication(gun)}{name}" : throw Invalid($"'{Shown(name.ToString())}' is no metadata file of a role");
    }

    public static string Key(string gun, string role) =>
        role is "snapshot" or "timestamp" ? $"{Publication(gun)}{role}.key" : throw Invalid($"a Notary server holds keys of snapshot and timestamp, not of '{Shown(role)}'");

    public static string Changes(string? gun, string? after, int records)
    {
        var path = gun is null ? "v2/_trust/changefeed" : $"v2/{Gun(gun)}/_trust/changefeed";
        return string.Create(CultureInfo.InvariantCulture, $"{path}?records={records}{(after is null ? "" : $"&change_id={Uri.EscapeDataString(after)}")}");
    }

    public static string RoleName(string role) => IsRole(role) ? role : throw Invalid($"'{Shown(role)}' is no role");

    private static bool IsRole(string role) => role.Length <= LongestName && Role().IsMatch(role);

    private static string Gun(string gun) =>
        gun.Length <= LongestName && GunName().IsMatch(gun)
            ? gun
            : throw Invalid($"'{Shown(gun)}' is no name of trust data: it is HOST/REPOSITORY, as in the names of images");

    private static NotaryException Invalid(string message) => new(NotaryFailure.Invalid, message);

    private static string Shown(string text) => text.Length <= LongestName ? text : text[..LongestName] + "…";

    /// <summary>The first part may have a port; each part begins and ends with a letter or digit.</summary>
    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]([-a-z0-9._]*[a-z0-9])?)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex GunName();

    [GeneratedRegex(@"^(root|snapshot|timestamp|targets(/[-a-z0-9_]+)*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Role();

    [GeneratedRegex(@"^[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Checksum();
}
