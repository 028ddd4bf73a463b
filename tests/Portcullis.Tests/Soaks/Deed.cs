namespace Portcullis.Tests.Soaks;

/// <summary>One thing that somebody does, or that happens: in words for the log of a failed soak, and how.</summary>
internal sealed record Deed(string What, Func<Task> DoAsync);
