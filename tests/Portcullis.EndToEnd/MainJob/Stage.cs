using Portcullis.EndToEnd.Programs;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.MainJob;

/// <summary>Where the main job is played: the program in one of the two ways in which it runs, with a repository and a real Engine.</summary>
internal abstract class Stage : IAsyncDisposable
{
    /// <summary>In every name that the story declares.</summary>
    public abstract string Mark { get; }

    /// <summary>The name of the root source.</summary>
    public abstract string Root { get; }

    public abstract GitWorkspace Git { get; }

    public abstract string DaemonJson { get; }

    public abstract string EngineAddress { get; }

    /// <summary>A cluster administrator's, once it has started.</summary>
    public abstract Kubectl Kubectl { get; }

    /// <summary>Whether the API server can ask our webhooks, so that Events know users.</summary>
    public abstract bool KnowsUsers { get; }

    /// <summary>The labels of the one node, as the story selects it; null for every node.</summary>
    public abstract (string Label, string Value)? Nodes { get; }

    public abstract Task StartAsync();

    /// <summary>As <c>kill -9</c> of everything of ours, and waits until it is gone.</summary>
    public abstract Task KillAsync();

    public abstract ValueTask DisposeAsync();
}
