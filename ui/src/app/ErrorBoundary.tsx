/** The last net: a page that breaks says so and offers to load again; the rest of the screen stays. */

import { Component, type ReactNode } from "react";
import { say } from "@/i18n";

export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <div className="failure page-failure" role="alert">
        <strong>{say("error.page")}</strong>
        <p className="muted">{this.state.error.message}</p>
        <button type="button" className="btn btn-primary" onClick={() => window.location.reload()}>
          {say("error.reload")}
        </button>
      </div>
    );
  }
}
