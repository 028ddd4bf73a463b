namespace Portcullis.Core.Collections;

/// <summary>The reasons of conditions and Events of a Collection.</summary>
public static class CollectionReasons
{
    public const string TreeUnknown = "TreeUnknown";
    public const string NotInTree = "NotInTree";
    public const string Deleting = "Deleting";
    public const string DuplicatePath = "DuplicatePath";
    public const string ParentMissing = "ParentMissing";
    public const string GuardrailLoosened = "GuardrailLoosened";
    public const string NamespaceTaken = "NamespaceTaken";
    public const string NamespaceExists = "NamespaceExists";
    public const string NamespaceMissing = "NamespaceMissing";
    public const string ProtectedNamespace = "ProtectedNamespace";
    public const string BeyondScope = "BeyondScope";
    public const string RepositoryTaken = "RepositoryTaken";
    public const string NodeTaken = "NodeTaken";
    public const string NodeMissing = "NodeMissing";
    public const string HasChildren = "HasChildren";
    public const string DriftReverted = "DriftReverted";
    public const string NetworkPolicyNotEnforced = "NetworkPolicyNotEnforced";
    public const string NetworkPolicyEnforcementUnknown = "NetworkPolicyEnforcementUnknown";
    public const string NotAllInPlace = "NotAllInPlace";
    public const string Enforced = "Enforced";
    public const string NoGuardrails = "NoGuardrails";
}
