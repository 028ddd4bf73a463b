using System.DirectoryServices.Protocols;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Identity.Logins;

namespace Portcullis.Identity.Directories;

/// <summary>The steps of one log-in at a directory. Blocks.</summary>
internal static class LdapUser
{
    private const string AnyEntry = "(objectClass=*)";
    private const string DefaultNameAttribute = "uid";

    /// <param name="directory">Where.</param>
    /// <param name="authorities">See <see cref="LdapCall"/>.</param>
    /// <param name="searcher">Who searches: name and password; null where users' distinguished names are made from a template.</param>
    /// <param name="attempt">Who logs in.</param>
    public static LoginVerdict LogIn(LdapDirectory directory, string? authorities, (string Name, string Password)? searcher, LoginAttempt attempt)
    {
        string name;
        IReadOnlyList<string>? groups = null;
        if (directory.Search is { } search && searcher is { } who)
        {
            using var finding = new LdapCall(directory, authorities);
            if (!finding.TryBind(who.Name, who.Password))
            {
                return new LoginVerdict.Unknown("the directory refuses the name or password of spec.ldap.search.bindSecretRef");
            }

            var filter = search.Filter.Replace(IdentityProviderCheck.UserPlaceholder, LdapText.EscapeFilter(attempt.User), StringComparison.Ordinal);
            var nameAttribute = search.NameAttribute ?? DefaultNameAttribute;
            var found = finding.Search(search.Base, filter, SearchScope.Subtree, [nameAttribute, .. Attribute(directory)]);
            if (found is not [var entry])
            {
                return found.Count == 0 ? LoginVerdict.NotMine.Instance : new LoginVerdict.Refused("several entries of the directory match the name");
            }

            // The directory does not care for capitals, grants do.
            if (!Values(entry, nameAttribute).Contains(attempt.User, StringComparer.Ordinal))
            {
                return new LoginVerdict.Refused($"the entry's {nameAttribute} is written in another way than the name");
            }

            (name, groups) = (entry.DistinguishedName, GroupsOf(entry, directory));
        }
        else
        {
            name = directory.UserDnTemplate!.Replace(IdentityProviderCheck.UserPlaceholder, LdapText.EscapeValue(attempt.User), StringComparison.Ordinal);
        }

        using var user = new LdapCall(directory, authorities);
        return user.TryBind(name, attempt.Password)
            ? Accepted(attempt.User, groups ?? GroupsOf(user, name, directory))
            : new LoginVerdict.Refused("the directory refuses the name or the password");
    }

    private static LoginVerdict.Authenticated Accepted(string user, IReadOnlyList<string> groups) =>
        new(new GatewayCaller { User = new AccessUser(user) { Groups = groups }, Method = LoginMethod.Directory });

    private static IReadOnlyList<string> GroupsOf(LdapCall call, string name, LdapDirectory directory) =>
        directory.GroupAttribute is { } attribute && call.Search(name, AnyEntry, SearchScope.Base, attribute) is [var entry] ? GroupsOf(entry, directory) : [];

    private static IReadOnlyList<string> GroupsOf(SearchResultEntry entry, LdapDirectory directory) =>
        directory.GroupAttribute is { } attribute ? ReportedNames.Groups(Values(entry, attribute).Select(LdapText.GroupName)) : [];

    private static IEnumerable<string> Attribute(LdapDirectory directory) => directory.GroupAttribute is { } attribute ? [attribute] : [];

    private static IEnumerable<string> Values(SearchResultEntry entry, string attribute) =>
        entry.Attributes[attribute] is { } values ? values.GetValues(typeof(string)).Cast<string>() : [];
}
