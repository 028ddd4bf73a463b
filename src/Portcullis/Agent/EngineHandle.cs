using Portcullis.Clients.Engine;

namespace Portcullis.Agent;

/// <summary>The engine of this node from its three sides: its API, the process that runs it, and the reloads it tells of.</summary>
internal sealed record EngineHandle(EngineClient Api, IEngineProcess Process, ReloadEvents Reloads);
