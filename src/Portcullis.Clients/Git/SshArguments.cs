using System.Globalization;

namespace Portcullis.Clients.Git;

/// <summary>How ssh is called: nothing of the machine's or a user's own configuration, keys or known hosts counts, and nothing is asked or forwarded.</summary>
internal static class SshArguments
{
    /// <summary>A master that its server has not answered for half a minute ends, and those who wait for it with it.</summary>
    private static readonly string[] OfMaster =
    [
        "-o", "ControlMaster=yes", "-o", "ControlPersist=no", "-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3", "-N", "-T",
    ];

    /// <summary>The command that git runs for one connection, or for one session of a shared connection as long as that is there.</summary>
    public static string Command(string identity, string hosts, TimeSpan timeout, string? controlPath)
    {
        var shared = controlPath is null ? "" : $" -o ControlMaster=no -o ControlPath='{controlPath}'";
        return "ssh " + string.Join(' ', Common(identity, hosts, timeout).Select(a => $"'{a}'")) + shared;
    }

    /// <summary>The arguments of a connection that others share. It prints <paramref name="ready"/> once they can.</summary>
    public static IEnumerable<string> Master(GitUrl url, string identity, string hosts, TimeSpan timeout, string controlPath, string ready)
    {
        var address = new Uri(url.Text);
        var destination = $"ssh://{(address.UserInfo.Length > 0 ? address.UserInfo + "@" : "")}{address.Authority.Split('@')[^1]}";
        return
        [
            "-o", "PermitLocalCommand=yes", "-o", $"LocalCommand=echo {ready}",
            .. Common(identity, hosts, timeout), "-o", $"ControlPath={controlPath}", .. OfMaster, "--", destination,
        ];
    }

    private static IEnumerable<string> Common(string identity, string hosts, TimeSpan timeout) =>
    [
        "-F", "/dev/null",

        // Not -i: ssh leaves out one that it does not find, and then offers the keys of whoever runs this program.
        "-o", $"IdentityFile={identity}",
        "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none",
        "-o", $"UserKnownHostsFile={hosts}", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes", "-o", "UpdateHostKeys=no",
        "-o", "BatchMode=yes", "-o", "PreferredAuthentications=publickey",
        "-o", "ForwardAgent=no", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no",
        "-o", string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={(int)Math.Clamp(timeout.TotalSeconds, 1, 300)}"),
    ];
}
