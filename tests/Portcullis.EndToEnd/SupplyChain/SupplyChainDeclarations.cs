namespace Portcullis.EndToEnd.SupplyChain;

/// <summary>What the second reference document sets up by hand, as it is declared in Git.</summary>
internal static class SupplyChainDeclarations
{
    /// <summary>The first commit. The pipeline's key is not in it.</summary>
    public static void Write(SupplyChainStage stage)
    {
        stage.Git.Write("registry.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec:
              host: {{stage.Host}}
              upstream:
                urlSecretRef: {name: up-registry}
                signingSecretRef: {name: up-registry}
              notary: {urlSecretRef: {name: up-notary} }
              egress: [127.0.0.1]
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: IdentityProvider
            metadata: {name: gitlab}
            spec:
              oidc:
                issuer: {{stage.GitLab.Issuer}}
                audience: dtr.example.com
                claims: [{claim: project_path, values: ["tickets/*"]}, {claim: ref_protected, values: ["true"]}]
                userName: "ci:{project_path}"
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: flask-build}
            spec:
              registry: dtr
              name: admin/flask_build
              immutability: {rules: [{tags: ["*"]}]}
              webhooks:
                - {name: sign, events: [PROMOTION], url: "{{stage.GitLab.Issuer}}{{GitLabStandIn.TriggerPath}}", format: GitLabTrigger, secretRef: {name: gitlab-trigger}, ref: main}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: flask}
            spec:
              registry: dtr
              name: admin/flask
              visibility: Public
              immutability: {rules: [{tags: [latest], immutable: false}, {tags: ["*"]}]}
            """);
        stage.Git.Write("access.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: supply-chain}
            spec: {path: /supply-chain, repositories: ["admin/*"]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: builds}
            spec: {path: /supply-chain/builds, repositories: [admin/flask_build]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: pipeline-pushes}
            spec: {role: None, collection: /supply-chain/builds, repositoryPermission: readWrite, subject: {kind: User, name: "ci:{{SupplyChainStage.Project}}" } }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: pipeline-signs}
            spec: {role: None, collection: /supply-chain, reach: Exact, repositoryPermission: sign, subject: {kind: User, name: "ci:{{SupplyChainStage.Project}}" } }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: administrator}
            spec: {role: None, collection: /supply-chain, repositoryPermission: admin, subject: {kind: User, name: ann} }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: production}
            spec: {path: /production, namespaces: [{name: shop}]}
            """);
        stage.Git.Write("promotions.yaml", $$"""
            {{Policy("flask-builds", "\"%n\"", "[{field: Tag, operator: Matches, values: ['^[0-9]+$']}, {field: UpdatedAge, operator: After, values: [24h]}]")}}
            ---
            {{Policy("flask-latest", "latest", "[{field: Tag, operator: Matches, values: ['^[0-9]+$']}]")}}
            ---
            {{Policy("flask-clean", "\"clean-%n\"", "[{field: AllVulnerabilities, operator: LessOrEqual, values: ['0']}]")}}
            """);
        stage.Git.Commit("A secure supply chain");
    }

    /// <summary>Who signs, and that nothing else runs in production: what the document does with <c>notary init</c>, <c>key rotate</c>, <c>delegation add</c> and <c>publish</c>.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="certificates">The pipeline's, in PEM.</param>
    public static void WriteTrust(SupplyChainStage stage, params IReadOnlyList<string> certificates)
    {
        var keys = certificates.Select(c => $"        - |\n{string.Join('\n', c.Trim().Split('\n').Select(l => $"          {l}"))}");
        stage.Git.Write("ci.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: ci}
            spec:
              teams: [{name: gitlab, members: ["ci:{{SupplyChainStage.Project}}"]}]
              users:
                - name: "ci:{{SupplyChainStage.Project}}"
                  publicKeys:
            {{string.Join('\n', keys)}}
            """);
        stage.Git.Write("trust.yaml", """
            apiVersion: portcullis.dev/v1alpha1
            kind: TrustDelegation
            metadata: {name: flask}
            spec:
              registry: dtr
              repositories: [admin/flask]
              root: {keySecretRef: {name: up-trust-root} }
              targets: {keySecretRef: {name: up-trust-targets} }
              roles:
                - {name: targets/releases, signers: [{team: ci/gitlab}]}
                - {name: targets/gitlab, signers: [{team: ci/gitlab}]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: production}
            spec:
              mode: Enforce
              scope: {collections: [/production]}
              required: [{team: ci/gitlab}]
            """);
        stage.Git.Commit("Only what the pipeline has signed runs in production");
    }

    private static string Policy(string name, string template, string criteria) =>
        $$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: PromotionPolicy
        metadata: {name: {{name}}}
        spec:
          registry: dtr
          source: {repository: admin/flask_build}
          target: {repository: admin/flask, tagTemplate: {{template}}}
          criteria: {{criteria}}
        """;
}
