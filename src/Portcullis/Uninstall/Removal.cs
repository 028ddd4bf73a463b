namespace Portcullis.Uninstall;

/// <summary>One thing that is to be taken off the cluster. Doing it again, or to what is gone already, is no failure.</summary>
/// <param name="What">As it is shown: <c>RoleBinding shop/portcullis:viewonly</c>.</param>
/// <param name="RunAsync">Takes it off.</param>
internal sealed record Removal(string What, Func<CancellationToken, Task> RunAsync);
